import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { type AnyFeature, isStemmaError, type Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { simulateAt } from "../../../support/count-rows.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { runSql } from "../../../support/run-sql.ts";
import { untyped } from "../../../support/untyped.ts";

const deps = ["raw"];
const parts = [{ feature: "raw", lineage: { type: "expansion", on: ["id"] } }];
const groups = [{ feature: "raw", lineage: { type: "aggregation", on: ["n"] } }];
const features = loadProject(
  [
    buildSpec("raw", { columns: { id: text, n: integer }, ids: ["id"], fields: ["a"] }),
    buildSpec("leaf", { columns: { id: text, n: integer }, ids: ["id"], deps }),
    buildSpec("part", { columns: { id: text, k: integer }, ids: ["id", "k"], deps: parts }),
    buildSpec("sum", { columns: { n: integer }, ids: ["n"], deps: groups }),
  ],
  { hashLength: 64 },
);
const [Raw, Leaf, Part, Sum] = ["raw", "leaf", "part", "sum"].map((key) => features[key]) as [
  AnyFeature,
  AnyFeature,
  AnyFeature,
  AnyFeature,
];

const row = (id: string, n = 1, version = "p") => ({ id, n, metaxy_provenance_by_field: { a: version } });

/** How another program made the table of `raw`, in SQL; `$columns` are those of the feature. Rows: `A`, `a` and `b`. */
interface Shape {
  readonly sql: readonly string[];
  /** What is said on the first write; undefined where it works. */
  readonly write?: RegExp;
  /** What is said on the second write of a sample. */
  readonly rewrite?: RegExp | "nothing";
  /** What is said when a sample is deleted. */
  readonly remove?: RegExp;
  /** What is said when it is read or resolved from. */
  readonly read?: RegExp;
}

const renamed = "ALTER TABLE raw RENAME TO old";
const copied = "INSERT INTO raw BY NAME FROM old";
/** The table made anew, with something added to its columns. */
const anew = (added: string, id = "VARCHAR", others = "") => [
  renamed,
  `CREATE TABLE raw (id ${id}, n BIGINT, metaxy_provenance_by_field STRUCT(a VARCHAR), metaxy_provenance VARCHAR,
     metaxy_data_version_by_field STRUCT(a VARCHAR), metaxy_data_version VARCHAR, metaxy_feature_version VARCHAR,
     metaxy_project_version VARCHAR, metaxy_created_at TIMESTAMPTZ, metaxy_updated_at TIMESTAMPTZ,
     metaxy_deleted_at TIMESTAMPTZ, metaxy_materialization_id VARCHAR ${added})${others}`,
  copied,
];
const replaced = (column: string, expression: string) => [
  renamed,
  `CREATE TABLE raw AS SELECT * REPLACE (${expression} AS ${column}) FROM old`,
];

const shapes: Readonly<Record<string, Shape>> = {
  "as a store made it": { sql: [] },
  "a view": {
    sql: [renamed, "CREATE VIEW raw AS FROM old"],
    write: /raw .*is a view: it can be read/,
    remove: /is a view/,
  },
  "a view with a rowid": {
    sql: [renamed, "CREATE VIEW raw AS SELECT 7 AS rowid, * FROM old"],
    write: /hides the row ids|is a view/,
    remove: /is a view/,
  },
  "a view of a query": {
    sql: [renamed, "CREATE VIEW raw AS SELECT * FROM old UNION ALL SELECT * FROM old"],
    write: /is a view/,
    remove: /is a view/,
  },
  "a primary key": {
    sql: anew("", "VARCHAR PRIMARY KEY"),
    rewrite:
      /The table raw of raw in .* has a primary key, and id: b is stored already.*make the table anew/i,
    remove: /The table raw of raw in .* has a primary key/,
  },
  "a unique column": {
    sql: anew("", "VARCHAR UNIQUE"),
    rewrite: /unique constraint/,
    remove: /The table raw of raw in .*unique constraint/,
  },
  "a unique index": {
    sql: ["CREATE UNIQUE INDEX one ON raw (id)"],
    rewrite: /unique constraint/,
    remove: /The table raw of raw in .*unique constraint/,
  },
  "an index": { sql: ["CREATE INDEX one ON raw (id)"] },
  "a column that is never null": { sql: anew(", x INTEGER NOT NULL DEFAULT 3") },
  "a column that is never null without a default": {
    sql: [...anew(", x INTEGER"), "UPDATE raw SET x = 1", "ALTER TABLE raw ALTER x SET NOT NULL"],
    write: /takes no null in x/,
  },
  "a check": { sql: anew(", CHECK (n < 10)"), rewrite: /constraint CHECK/ },
  "a generated column": { sql: anew(", twice BIGINT GENERATED ALWAYS AS (n * 2) VIRTUAL") },
  "a generated column that is declared": {
    sql: [
      renamed,
      `CREATE TABLE raw (m BIGINT, n BIGINT GENERATED ALWAYS AS (m) VIRTUAL, id VARCHAR, metaxy_provenance_by_field STRUCT(a VARCHAR),
         metaxy_provenance VARCHAR, metaxy_data_version_by_field STRUCT(a VARCHAR), metaxy_data_version VARCHAR,
         metaxy_feature_version VARCHAR, metaxy_project_version VARCHAR, metaxy_created_at TIMESTAMPTZ,
         metaxy_updated_at TIMESTAMPTZ, metaxy_deleted_at TIMESTAMPTZ, metaxy_materialization_id VARCHAR)`,
      "INSERT INTO raw BY NAME SELECT * EXCLUDE n, n AS m FROM old",
    ],
    write: /computes a column by itself/,
  },
  "a sequence": { sql: ["CREATE SEQUENCE s", ...anew(", x INTEGER DEFAULT nextval('s')")] },
  "a foreign key": {
    sql: [
      "CREATE TABLE ref (id VARCHAR PRIMARY KEY)",
      "INSERT INTO ref SELECT DISTINCT id FROM raw",
      ...anew(", FOREIGN KEY (id) REFERENCES ref (id)"),
    ],
    write: /foreign key.*new/,
    rewrite: "nothing",
  },
  "ids without case": { sql: anew("", "VARCHAR COLLATE NOCASE"), remove: /collation/ },
  "ids without case or accents": { sql: anew("", "VARCHAR COLLATE NOCASE.NOACCENT"), remove: /collation/ },
  "a column named rowid": { sql: anew(", rowid VARCHAR") },
  "a column named ROWID": { sql: anew(', "RowID" INTEGER DEFAULT 5') },
  "versions as JSON": {
    sql: replaced("metaxy_provenance_by_field", "to_json(metaxy_provenance_by_field)"),
    read: /metaxy_provenance_by_field of the table raw .*is JSON, and a store reads STRUCT/,
  },
  "versions as text": {
    sql: replaced("metaxy_data_version_by_field", "'x'"),
    read: /metaxy_data_version_by_field.*is VARCHAR/,
  },
  "versions as numbers": {
    sql: replaced("metaxy_provenance_by_field", "{'a': 5}"),
    read: /metaxy_provenance_by_field.*STRUCT\("?a"? INTEGER\)/,
  },
  "versions as maps": {
    sql: replaced("metaxy_provenance_by_field", "MAP {'a': metaxy_provenance_by_field.a}"),
  },
  "times as text": {
    sql: replaced("metaxy_updated_at", "metaxy_updated_at::VARCHAR"),
    read: /metaxy_updated_at.*is VARCHAR.*SET DATA TYPE TIMESTAMPTZ/,
  },
  "times without a zone": { sql: replaced("metaxy_updated_at", "metaxy_updated_at::TIMESTAMP") },
  "times in nanoseconds": {
    sql: replaced("metaxy_created_at", "metaxy_created_at::TIMESTAMP_NS"),
    read: /metaxy_created_at.*is TIMESTAMP_NS.*SET TimeZone = 'UTC'; ALTER TABLE "raw" ALTER metaxy_created_at/,
  },
  "times of deletion in seconds": {
    sql: replaced("metaxy_deleted_at", "metaxy_deleted_at::TIMESTAMP_S"),
    read: /metaxy_deleted_at.*is TIMESTAMP_S/,
  },
  "hash as a blob": {
    sql: replaced("metaxy_provenance", "metaxy_provenance::BLOB"),
    read: /metaxy_provenance.*is BLOB/,
  },
  "no system columns": {
    sql: [renamed, "CREATE TABLE raw AS SELECT id, n FROM old"],
    read: /not the table of a feature/,
  },
  "macros of the names that we use": {
    sql: ["CREATE MACRO stemma_hash(t) AS 'zzz'", "CREATE MACRO stemma_ordered_concat(a, b) AS 'zzz'"],
  },
  "a schema of its own": { sql: ["CREATE SCHEMA raw", "CREATE SCHEMA temp_", 'CREATE SCHEMA "store"'] },
};

/** Whether it works, or what is said. An error that is not ours, or DuckDB's words, fail the test. */
async function said(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!isStemmaError(error)) throw error;
    expect(error.message).not.toMatch(/DuckDB failed|Error:|LINE \d|Candidate bindings/);
    return error.message;
  }
}

function expectSaid(found: string | undefined, expected: RegExp | undefined): void {
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(expected);
}

describe("a table that another program made", () => {
  for (const [name, shape] of Object.entries(shapes)) {
    it(name, async () => {
      const path = await freshPath();
      {
        await using store = await openStore(path);
        await store.write(Raw, untyped([row("A"), row("a", 2), row("b", 2)]));
      }
      await outside(path, shape.sql);
      await reads(path, shape);
      if (shape.read === undefined) await writes(path, shape);
    });
  }
});

async function reads(path: string, { read }: Shape): Promise<void> {
  for (const readOnly of [true, false]) {
    await using store = await openStore(path, { readOnly });
    expectSaid(
      await said(async () => {
        const rows = (await store.read(Raw).toArray()) as unknown as { readonly id: string }[];
        expect(rows.map(({ id }) => id)).toEqual(["A", "a", "b"]);
        expect(await store.read(Raw, { filters: "id = 'a'" }).toArray()).toHaveLength(1);
      }),
      read,
    );
    for (const feature of [Leaf, Part])
      expectSaid(
        await said(async () => {
          for (const full of [false, true]) {
            await using increment = await store.resolve(feature, { fullRefresh: full });
            expect(increment.counts).toEqual({ new: 3, stale: 0, orphaned: 0 });
            const rows = (await increment.new.toArray()) as unknown as { readonly id: string }[];
            expect(rows.map(({ id }) => id)).toEqual(["A", "a", "b"]);
          }
        }),
        read,
      );
    expectSaid(
      await said(async () => {
        await using increment = await store.resolve(Sum);
        expect(increment.counts.new).toBe(2);
      }),
      read,
    );
  }
  const simulated = [Raw, Leaf].map((feature) => ({
    feature,
    permissive: feature,
    retainedColumns: ["id", "n"],
    keys: {},
    valueDependencies: [],
  }));
  const { counts, refused } = await simulateAt(path, simulated);
  expectSaid(refused.get("raw")?.message, read);
  if (read === undefined) {
    expect(counts.get("raw")).toMatchObject({ upToDate: 3 });
    expect(counts.get("leaf")).toMatchObject({ new: 3 });
  }
}

async function writes(path: string, { write, rewrite, remove }: Shape): Promise<void> {
  await using store = await openStore(path);
  expectSaid(await said(() => store.write(Raw, untyped([row("new", 3)]))), write);
  const present = ["A", "a", "b", ...(write === undefined ? ["new"] : [])];
  expect(await idsOf(store, Raw)).toEqual(present);
  const again = rewrite === "nothing" ? undefined : (rewrite ?? write);
  expectSaid(await said(() => store.write(Raw, untyped([row("b", 70, "q")]))), again);
  expect(await idsOf(store, Raw)).toEqual(present);
  await using first = await store.resolve(Leaf);
  await first.write(untyped(first.new));
  await using part = await store.resolve(Part);
  await part.write(untyped(present.map((id) => ({ id, k: 1 }))));
  await using sum = await store.resolve(Sum);
  await sum.write(untyped((await toRows(sum.new)).map(({ n }) => ({ n }))));
  for (const feature of [Leaf, Part, Sum])
    for (const full of [false, true]) {
      await using increment = await store.resolve(feature, { fullRefresh: full });
      expect({ feature: feature.key, counts: increment.counts }).toEqual({
        feature: feature.key,
        counts: { new: 0, stale: 0, orphaned: 0 },
      });
    }
  expectSaid(await said(() => store.delete(Raw, untyped({ id: "a" }))), remove);
  expect(await idsOf(store, Raw)).toEqual(present.filter((id) => id !== "a" || remove !== undefined));
}

async function toRows(set: { toArray(): Promise<unknown> }): Promise<{ readonly n: number }[]> {
  const rows = (await set.toArray()) as { readonly n: number }[];
  return [...new Map(rows.map((one) => [one.n, one])).values()];
}

describe("an increment over a view", () => {
  it("keeps the rows as they were when it was resolved", async () => {
    const path = await freshPath();
    await using store = await openStore(path);
    await store.write(Raw, untyped([row("a"), row("b")]));
    const sql = [renamed, "CREATE VIEW raw AS FROM old"];
    const instance = await DuckDBInstance.fromCache(path, { autoinstall_known_extensions: "false" });
    const connection = await instance.connect();
    for (const statement of sql) await connection.run(statement);
    await using increment = await store.resolve(Leaf);
    await connection.run("DELETE FROM old WHERE id = 'a'");
    await connection.run("INSERT INTO old SELECT * REPLACE ('c' AS id) FROM old");
    expect(await idsIn(increment.new)).toEqual(["a", "b"]);
    await increment.write(untyped(increment.new));
    await using next = await store.resolve(Leaf);
    expect(next.counts).toEqual({ new: 1, stale: 0, orphaned: 1 });
    connection.closeSync();
    instance.closeSync();
  });
});

async function idsIn(set: { toArray(): Promise<unknown> }): Promise<string[]> {
  return ((await set.toArray()) as { readonly id: string }[]).map(({ id }) => id);
}

async function idsOf(store: Store, feature: AnyFeature): Promise<string[]> {
  return idsIn(store.read(feature));
}

async function outside(path: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const sql of statements) await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

describe("a view of a table that was dropped", () => {
  it.each([
    [
      "another name",
      ["ALTER TABLE raw RENAME TO old", "CREATE VIEW raw AS FROM old", "DROP TABLE old"],
      "old",
    ],
    [
      "the same name in another schema",
      [
        "CREATE SCHEMA other",
        "CREATE TABLE other.raw AS FROM raw",
        "DROP TABLE raw",
        "CREATE VIEW raw AS FROM other.raw",
        "DROP TABLE other.raw",
      ],
      "raw",
    ],
  ])("is refused, and does not count as empty: %s", async (_, statements, missing) => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Raw, untyped([row("a")]));
    }
    for (const statement of statements) await runSql(path, statement);
    await using store = await openStore(path);
    const refusal = {
      code: "table-shape",
      message: expect.stringContaining(`is a view that selects from ${missing}, which does not exist`),
    };
    await expect(store.resolve(Raw, untyped({ samples: [row("a")] }))).rejects.toMatchObject(refusal);
    await expect(store.resolve(Leaf)).rejects.toMatchObject(refusal);
    await expect(store.read(Raw).toArray()).rejects.toMatchObject(refusal);
    await expect(store.write(Raw, untyped([row("b")]))).rejects.toMatchObject(refusal);
  });
});
