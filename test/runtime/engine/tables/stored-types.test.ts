import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { type AnyFeature, isStemmaError, type Store } from "../../../../runtime/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

/** A type that a column may have had, or may get: its schema, and values of it. */
interface Kind {
  readonly schema: object;
  readonly values: readonly unknown[];
}

const object = (properties: Record<string, object>, required: string[] = []) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const list = (items: object) => ({ type: "array", items });
const map = (values: object) => ({ type: "object", additionalProperties: values });
const integer = { type: "integer" };
const number = { type: "number" };
const string = { type: "string" };

const kinds: Readonly<Record<string, Kind>> = {
  integer: { schema: integer, values: [5, -7] },
  int64: { schema: { type: "integer", format: "int64" }, values: [5n, 9_007_199_254_740_993n] },
  number: { schema: number, values: [0.25, 3, 1e300] },
  string: { schema: string, values: ["abc", "7", "007", "true", "2026-01-31", '"q"', "null", ""] },
  boolean: { schema: { type: "boolean" }, values: [true, false] },
  date: { schema: { type: "string", format: "date" }, values: ["2026-01-31", "1969-12-31"] },
  time: {
    schema: { type: "string", format: "date-time" },
    values: ["2026-01-31T13:14:15.000001Z", "2026-02-01T00:00:00.000000Z"],
  },
  uuid: { schema: { type: "string", format: "uuid" }, values: ["6f1b2c3d-0000-4000-8000-00000000abcd"] },
  json: { schema: {}, values: [1, "1", { a: 1 }, [1, 2.5], true, "2026-01-31", 0.5] },
  integers: { schema: list(integer), values: [[1, 2], []] },
  numbers: { schema: list(number), values: [[1.5, 2.5], [1]] },
  strings: { schema: list(string), values: [["a", "1"]] },
  "map of integers": { schema: map(integer), values: [{ k: 1 }] },
  "map of numbers": { schema: map(number), values: [{ k: 1.5 }] },
  "object a": { schema: object({ a: integer }), values: [{ a: 1 }] },
  "object a number": { schema: object({ a: number }), values: [{ a: 1.5 }] },
  "object a, b": {
    schema: object({ a: integer, b: integer }),
    values: [
      { a: 2, b: 3 },
      { a: 2, b: null },
    ],
  },
  "object a, c": { schema: object({ a: integer, c: string }), values: [{ a: 5, c: "r" }] },
  "objects a": { schema: list(object({ a: integer })), values: [[{ a: 1 }]] },
  "objects a, b": { schema: list(object({ a: integer, b: integer })), values: [[{ a: 2, b: 3 }]] },
};

let keys = 0;

/** A root with the column `x` of some kind, under a key of its own or another's. */
const root = (kind: string, { key = `ev${++keys}`, codeVersion = "1" } = {}) =>
  loadFeature(
    [
      buildSpec(key, {
        columns: { id: text, x: nullable(kinds[kind]?.schema ?? {}) },
        ids: ["id"],
        fields: [{ key: "default", codeVersion }],
      }),
    ],
    key,
  );

function nullable(schema: object): object {
  return "type" in schema ? { ...schema, type: [schema.type, "null"] } : schema;
}

const provenance = { metaxy_provenance_by_field: { default: "1" } };
const rowsOf = (prefix: string, values: readonly unknown[]) =>
  values.map((x, index) => ({ id: `${prefix}${index}`, x, ...provenance }));

/** What a value may read as when its column has another type: the same value, in that type's own words. */
function sameValue(stored: unknown, read: unknown): boolean {
  if (Object.is(stored, read)) return true;
  if (stored === undefined) return read === null;
  if (typeof stored === "bigint" || typeof read === "bigint") return String(stored) === String(read);
  if (typeof stored === "number" && typeof read === "string") return String(stored) === read;
  if (typeof stored === "string" && typeof read === "number") return stored === String(read);
  if (typeof stored === "boolean" || typeof read === "boolean") return String(stored) === String(read);
  if (typeof stored === "string" && typeof read === "string") {
    return stored.length === 10
      ? read === `${stored}T00:00:00.000000Z`
      : stored === `${read}T00:00:00.000000Z`;
  }
  if (typeof stored !== "object" || typeof read !== "object" || stored === null || read === null)
    return false;
  const keys = new Set([...Object.keys(stored), ...Object.keys(read)]);
  return [...keys].every((key) => {
    const [a, b] = [stored, read].map((value) => (value as Record<string, unknown>)[key] ?? null);
    return sameValue(a, b);
  });
}

const codes = ["column-type", "not-storable", "wrong-integer"] as const;

/** What work gives, or that it was refused; any other failure is one of the test. */
async function outcome<T>(work: () => Promise<T>): Promise<T | "refused"> {
  try {
    return await work();
  } catch (error) {
    const known = codes.some((code) => isStemmaError(error, code));
    expect(known, String(error)).toBe(true);
    expect(String(error)).not.toMatch(/DuckDB|Binder|Conversion Error/);
    return "refused";
  }
}

async function readAll(store: Store, feature: AnyFeature): Promise<Map<string, unknown>> {
  const rows = (await store.read(feature).toArray()) as unknown as { id: string; x: unknown }[];
  return new Map(rows.map(({ id, x }) => [id, x]));
}

/** One stored value of the old type, and one to write of the new: nothing is bent, whatever is done. */
async function assertNothingBends(
  store: Store,
  [from, value]: readonly [kind: string, value: unknown],
  [to, written]: readonly [kind: string, value: unknown],
  codeVersion = "1",
) {
  const old = root(from);
  const now = root(to, { key: old.key, codeVersion });
  const isSame = now.featureVersion === old.featureVersion;
  await store.write(old, untyped(rowsOf("old", [value])));

  // What is stored reads as what it is, or is refused.
  const stored = await outcome(() => readAll(store, now));
  if (stored !== "refused" && isSame) expect([stored.get("old0"), value]).toSatisfy(areSame);

  const after = rowsOf("new", [written]);
  const resolved = await outcome(async () => (await store.resolve(now, { samples: untyped(after) })).close());
  const result = await outcome(() => store.write(now, untyped(after)));
  if (resolved === "refused") expect(result).toBe("refused");

  const reread = await outcome(() => readAll(store, now));
  if (result !== "refused" && reread !== "refused") {
    expect(reread.get("new0")).toEqual(written);
    if (isSame) expect([reread.get("old0"), value]).toSatisfy(areSame);
  }
  // Going back bends nothing either.
  const back = await outcome(() => readAll(store, old));
  if (back !== "refused" && back.has("old0")) expect(back.get("old0")).toEqual(value);
}

const areSame = ([read, stored]: readonly unknown[]) => sameValue(stored, read);

describe("a column that changes its type", () => {
  it.each(Object.keys(kinds))("from %s bends no value", async (from) => {
    await using store = await openStore(":memory:");
    let turn = 0;
    for (const [to, { values }] of Object.entries(kinds)) {
      const written = values[turn % values.length];
      const stored = kinds[from]?.values ?? [];
      // Turn by turn another value, so that each meets many types.
      const value = stored[turn++ % stored.length];
      const codeVersion = turn % 4 === 0 ? "2" : "1";
      await assertNothingBends(store, [from, value], [to, written], codeVersion);
    }
  });
});

describe("a table that another program made", () => {
  const types = [
    "TINYINT",
    "INTEGER",
    "UBIGINT",
    "HUGEINT",
    "DECIMAL(10,2)",
    "FLOAT",
    "DOUBLE",
    "VARCHAR",
    "BOOLEAN",
  ];
  const times = [
    "DATE",
    "TIMESTAMP",
    "TIMESTAMP_S",
    "TIMESTAMP_MS",
    "TIMESTAMP_NS",
    "ENUM('abc', '7')",
    "UUID",
    "BLOB",
  ];
  const nested = [
    "INTEGER[]",
    "FLOAT[2]",
    "STRUCT(a INTEGER)",
    "STRUCT(a SMALLINT, c VARCHAR)",
    "MAP(VARCHAR, INTEGER)",
  ];
  const stored = [...types, ...times, ...nested];

  it.each(stored)("with %s keeps its types, and bends no value", async (type) => {
    const file = await freshPath();
    const features = Object.keys(kinds).map((kind) => ({ kind, feature: root(kind) }));
    await makeForeignTables(
      file,
      type,
      features.map(({ feature }) => feature),
    );
    await using store = await openStore(file, { hash: "md5" });
    let turn = stored.indexOf(type);
    for (const { kind, feature } of features) {
      const values = kinds[kind]?.values ?? [];
      const value = values[turn++ % values.length];
      const result = await outcome(() => store.write(feature, untyped(rowsOf("new", [value]))));
      if (result !== "refused") expect((await readAll(store, feature)).get("new0")).toEqual(value);
    }
    await store.close();
    expect(await typesOfColumns(file)).toEqual(features.map(() => type));
  });
});

async function makeForeignTables(file: string, type: string, features: readonly AnyFeature[]): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  for (const { table, featureVersion } of features) {
    await connection.run(
      `CREATE TABLE ${table} AS SELECT 'other' AS id, NULL::${type} AS x, {'default': '1'} AS metaxy_provenance_by_field,
         '1' AS metaxy_provenance, {'default': '1'} AS metaxy_data_version_by_field, '1' AS metaxy_data_version,
         '${featureVersion}' AS metaxy_feature_version, NULL::VARCHAR AS metaxy_project_version, now() AS metaxy_created_at,
         now() AS metaxy_updated_at, NULL::TIMESTAMPTZ AS metaxy_deleted_at, NULL::VARCHAR AS metaxy_materialization_id`,
    );
  }
  connection.closeSync();
  instance.closeSync();
}

async function typesOfColumns(file: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll(
    "SELECT data_type FROM duckdb_columns() WHERE column_name = 'x' ORDER BY column_index, table_oid",
  );
  const types = rows.getRows().map(([type]) => String(type).replaceAll('"', ""));
  connection.closeSync();
  instance.closeSync();
  return types;
}
