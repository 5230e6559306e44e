import { DuckDBInstance } from "@duckdb/node-api";
import type { AnyFeature, Store } from "../../runtime/index.ts";
import { buildSpec, integer, text } from "./build-spec.ts";
import { loadProject } from "./load-project.ts";
import { untyped } from "./untyped.ts";

/**
 * A change of tables that a process may be killed after.
 *
 * Whoever issues another kind of statement on a stored table adds a case here: by what a user calls, or in plain SQL.
 */
export interface TableChange {
  /** Brings the tables of a round into their old state. */
  before(store: Store, key: string): Promise<void>;
  /** The change: when it returns, its rows are acknowledged. */
  change(store: Store, key: string): Promise<void>;
  /** Ids of the rows that must be there after the change. */
  rows(store: Store, key: string): Promise<string[]>;
}

const both = ["a", "b"];
const nothing = async () => undefined;

/** The changes by name. Each leaves the rows `a` and `b`. */
export const tableChanges: Readonly<Record<string, TableChange>> = {
  create: {
    before: nothing,
    change: (store, key) => write(store, plain(key), both),
    rows: (s, k) => ids(s, plain(k)),
  },
  "add a column": writes(plain, (key) =>
    one(key, { columns: { id: text, "a note": text }, ids: ["id"], fields: ["x"] }),
  ),
  "add members": writes(plain, (key) =>
    one(key, { columns: { id: text }, ids: ["id"], fields: ["x", "y", "z-1"] }),
  ),
  "add a column and a member": writes(plain, (key) =>
    one(key, { columns: { id: text, n: integer }, ids: ["id"], fields: ["x", "y"] }),
  ),
  "widen a column by the first write": writes(
    (key) => one(key, { columns: { id: text, n: integer }, ids: ["id"], fields: ["x"] }),
    (key) => one(key, { columns: { id: text, n: { type: "number" } }, ids: ["id"], fields: ["x"] }),
  ),
  "write the table anew in the first write": writes(
    (key) => one(key, { columns: { id: text, n: integer, "a note": {} }, ids: ["id"], fields: ["x"] }),
    (key) => one(key, { columns: { id: text, n: text, "a note": text }, ids: ["id"], fields: ["x", "y"] }),
  ),
  "tables of a checkpoint": {
    before: (store, key) => write(store, derived(key).root, both),
    change: async (store, key) => {
      await using increment = await store.resolve(derived(key).child);
      await increment.write(untyped(increment.new));
    },
    rows: (store, key) => ids(store, derived(key).child),
  },
  "table of empty parents": {
    before: (store, key) => write(store, expanded(key, ["x"]).root, ["a", "b"]),
    change: async (store, key) => {
      const { child } = expanded(key, ["x"]);
      await using increment = await store.resolve(child);
      await store.markEmpty(child, untyped(await increment.new.toArray()));
    },
    rows: async (store, key) => {
      const { root, child } = expanded(key, ["x"]);
      await using increment = await store.resolve(child);
      return increment.counts.new + increment.counts.stale === 0 ? ids(store, root) : [];
    },
  },
  "a member of the table of empty parents": {
    before: async (store, key) => {
      const first = tableChanges["table of empty parents"];
      await first?.before(store, key);
      await first?.change(store, key);
    },
    change: async (store, key) => {
      const { child } = expanded(key, ["x", "y"]);
      await using increment = await store.resolve(child);
      await store.markEmpty(child, untyped(await increment.new.toArray()));
    },
    rows: async (store, key) => {
      const { root, child } = expanded(key, ["x", "y"]);
      await using increment = await store.resolve(child);
      return increment.counts.new + increment.counts.stale === 0 ? ids(store, root) : [];
    },
  },
  "rename a column": inSql((t) => [`ALTER TABLE ${t} RENAME COLUMN n TO "m 1"`]),
  "copy a column": inSql((t) => [`ALTER TABLE ${t} ADD COLUMN m VARCHAR`, `UPDATE ${t} SET m = n::VARCHAR`]),
  "add a column with a default": inSql((t) => [`ALTER TABLE ${t} ADD COLUMN m INTEGER DEFAULT 7`]),
  "widen a column": inSql((t) => [`ALTER TABLE ${t} ALTER COLUMN n SET DATA TYPE BIGINT`]),
  "widen a column to text": inSql((t) => [`ALTER TABLE ${t} ALTER COLUMN n SET DATA TYPE VARCHAR`]),
  "widen a nested column": inSql((t) => [
    `ALTER TABLE ${t} ALTER COLUMN s SET DATA TYPE STRUCT("x" BIGINT, "y z" STRUCT(w VARCHAR[])[])`,
  ]),
  "drop a column": inSql((t) => [`ALTER TABLE ${t} DROP COLUMN n`]),
  // DuckDB commits no ALTER but a RENAME after an UPDATE or DELETE in the same transaction, so the old column goes later.
  "rewrite a column": inSql((t) => [
    `ALTER TABLE ${t} RENAME COLUMN n TO old_n`,
    `ALTER TABLE ${t} ADD COLUMN n VARCHAR`,
    `UPDATE ${t} SET n = concat('n', old_n)`,
    "COMMIT",
    "BEGIN",
    `ALTER TABLE ${t} DROP COLUMN old_n`,
  ]),
  "rename a table": inSql((t) => [
    `ALTER TABLE ${t} RENAME TO "${t}_2"`,
    `ALTER TABLE "${t}_2" RENAME TO ${t}`,
  ]),
  "replace a table": inSql((t) => [
    `CREATE TABLE ${t}_2 AS FROM ${t}`,
    `DROP TABLE ${t}`,
    `ALTER TABLE ${t}_2 RENAME TO ${t}`,
  ]),
  "delete and drop": inSql((t) => [
    `CREATE TABLE ${t}_2 AS FROM ${t}`,
    `DELETE FROM ${t}_2`,
    `DROP TABLE ${t}_2`,
  ]),
};

/** Writes `a` under one spec, and `b` under the next. */
function writes(old: (key: string) => AnyFeature, next: (key: string) => AnyFeature): TableChange {
  return {
    before: (store, key) => write(store, old(key), ["a"]),
    change: (store, key) => write(store, next(key), ["b"]),
    rows: async (store, key) =>
      [...new Set([...(await ids(store, old(key))), ...(await ids(store, next(key)))])].sort(),
  };
}

/** Statements on a table of two rows, in one transaction, as a store runs them. */
function inSql(statements: (table: string) => readonly string[]): TableChange {
  return {
    before: (store, key) =>
      run(store, [
        `CREATE TABLE ${key} AS SELECT id, 1::INTEGER AS n, {'x': 1::INTEGER} AS s FROM (VALUES ('a'), ('b')) AS v(id)`,
      ]),
    change: (store, key) => run(store, ["BEGIN", ...statements(key), "COMMIT"]),
    rows: (store, key) => run(store, [`SELECT id FROM ${key} ORDER BY id`]),
  };
}

async function run(store: Store, statements: readonly string[]): Promise<never> {
  const { database, readOnly } = store as Store & { readonly database: string; readonly readOnly: boolean };
  const options = {
    autoinstall_known_extensions: "false",
    ...(readOnly ? { access_mode: "READ_ONLY" } : {}),
  };
  const instance = await DuckDBInstance.fromCache(database, options);
  const connection = await instance.connect();
  try {
    let rows: unknown[] = [];
    for (const sql of statements) rows = (await connection.runAndReadAll(sql)).getRows().map(([id]) => id);
    return untyped(rows);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function plain(key: string): AnyFeature {
  return one(key, { columns: { id: text }, ids: ["id"], fields: ["x"] });
}

function derived(key: string): { readonly root: AnyFeature; readonly child: AnyFeature } {
  const child = buildSpec(`${key}_child`, { columns: { id: text }, ids: ["id"], deps: [key] });
  const features = loadProject(
    [buildSpec(key, { columns: { id: text }, ids: ["id"], fields: ["x"] }), child],
    {
      hashLength: 64,
    },
  );
  return { root: feature(features, key), child: feature(features, `${key}_child`) };
}

function expanded(
  key: string,
  fields: readonly string[],
): { readonly root: AnyFeature; readonly child: AnyFeature } {
  const deps = [{ feature: key, lineage: { type: "expansion", on: ["id"] } }];
  const specs = [
    buildSpec(key, { columns: { id: text }, ids: ["id"], fields: ["x"] }),
    buildSpec(`${key}_part`, { columns: { id: text, part: text }, ids: ["id", "part"], deps, fields }),
  ];
  const features = loadProject(specs, { hashLength: 64 });
  return { root: feature(features, key), child: feature(features, `${key}_part`) };
}

function one(key: string, sketch: Parameters<typeof buildSpec>[1]): AnyFeature {
  return feature(loadProject([buildSpec(key, sketch)], { hashLength: 64 }), key);
}

function feature(features: Readonly<Record<string, AnyFeature>>, key: string): AnyFeature {
  const found = features[key];
  if (found === undefined) throw new Error(`No feature ${key}`);
  return found;
}

async function write(store: Store, into: AnyFeature, rowIds: readonly string[]): Promise<void> {
  const members = Object.keys(into.plan.fieldMembers).map((member) => [member, "p"] as const);
  const values = Object.entries(into.spec.columns).filter(([name]) => name !== "id");
  const rows = rowIds.map((id) => ({
    id,
    ...Object.fromEntries(values.map(([name, type]) => [name, /^(BIGINT|DOUBLE)/.test(type) ? 1 : "v"])),
    metaxy_provenance_by_field: Object.fromEntries(members),
  }));
  await store.write(into, untyped(rows));
}

async function ids(store: Store, of: AnyFeature): Promise<string[]> {
  const rows = (await store.read(of, { columns: untyped(["id"]) }).toArray()) as unknown as {
    readonly id: string;
  }[];
  return rows.map(({ id }) => id);
}
