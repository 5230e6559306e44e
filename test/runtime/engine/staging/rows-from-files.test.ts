import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, RowSet, Store } from "../../../../runtime/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { untyped } from "../../../support/untyped.ts";

const maybe = (type: string, more: object = {}) => ({ type: [type, "null"], ...more });
const columns = {
  id: text,
  t: maybe("string"),
  n: maybe("integer", { minimum: -5 }),
  big: maybe("integer", { format: "int64" }),
  x: maybe("number"),
  ok: maybe("boolean"),
  day: maybe("string", { format: "date" }),
  at: maybe("string", { format: "date-time" }),
  u: maybe("string", { format: "uuid" }),
  list: maybe("array", { items: maybe("number") }),
  box: maybe("object", { properties: { a: maybe("integer"), b: maybe("string") } }),
  map: maybe("object", { additionalProperties: maybe("integer") }),
  j: {},
};
const Row = loadFeature([buildSpec("row", { columns, ids: ["id"] })], "row");
const versions = '{"default":"1"}';

type Stored = Record<string, unknown>;

async function write(store: Store, input: object, feature: AnyFeature = Row): Promise<Stored[]> {
  await store.write(feature, untyped(input));
  return rowsOf(store, feature).toArray();
}

function rowsOf(store: Store, feature: AnyFeature = Row): RowSet<Stored> {
  return store.read(feature) as unknown as RowSet<Stored>;
}

/** Stores for cases that leave nothing behind which another one sees. */
const shared = await openStore(":memory:");
const untouched = await openStore(":memory:");
afterAll(() => Promise.all([shared.close(), untouched.close()]));

/** The value of one column, as a file gives it. */
async function valueIn(input: object): Promise<unknown> {
  const [row] = await write(shared, input);
  const { id: _, ...rest } = row ?? {};
  const found = Object.entries(rest).find(([name, value]) => name in columns && value !== null);
  return found?.[1] ?? null;
}

const quoted = (value: string) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

function csvFile(column: string, value: string): string {
  const file = join(temporaryFolder(), "rows.csv");
  writeFileSync(file, `id,${column},metaxy_provenance_by_field\na,${value},${quoted(versions)}\n`);
  return file;
}

function jsonFile(column: string, value: string): string {
  const file = join(temporaryFolder(), "rows.json");
  writeFileSync(file, `[{"id": "a", "${column}": ${value}, "metaxy_provenance_by_field": ${versions}}]`);
  return file;
}

describe("CSV is read as the spec declares it, and nothing is guessed", () => {
  it.each([
    ["t", "007", "007"],
    ["t", "1e3", "1e3"],
    ["t", "null", "null"],
    ["t", "", null],
    ["t", '""', ""],
    ["t", '"a ""b"", c\n d"', 'a "b", c\n d'],
    ["t", " a ", " a "],
    ["t", "2026-01-31", "2026-01-31"],
    ["n", "007", 7],
    ["n", "7.0", 7],
    ["n", "", null],
    ["n", "9007199254740991", 9007199254740991],
    ["big", "-9223372036854775808", -(2n ** 63n)],
    ["x", "0.1", 0.1],
    ["x", "1e-7", 1e-7],
    ["x", "NaN", Number.NaN],
    ["x", "-inf", -Infinity],
    ["ok", "True", true],
    ["ok", "false", false],
    ["day", "2026-01-31", "2026-01-31"],
    ["at", "2026-01-31 12:00:00", "2026-01-31T12:00:00.000000Z"],
    ["at", "2026-01-31T12:00:00.123456+0000", "2026-01-31T12:00:00.123456Z"],
    ["at", "2026-01-31 12:00:00+01", "2026-01-31T11:00:00.000000Z"],
    ["at", "2026-01-31", "2026-01-31T00:00:00.000000Z"],
    ["u", "6F1B2C3D-0000-4000-8000-00000000ABCD", "6f1b2c3d-0000-4000-8000-00000000abcd"],
    ["list", '"[1, null, 2.5]"', [1, null, 2.5]],
    ["box", '"{""b"": ""x""}"', { a: null, b: "x" }],
    ["map", '"{""k"": 1}"', { k: 1 }],
    ["j", '"{""k"": [1, null]}"', { k: [1, null] }],
    ["j", "5", 5],
  ])("%s from %s", async (column, value, expected) => {
    const file = csvFile(column, value);
    expect(await valueIn({ csv: file })).toEqual(expected);
  });

  it.each([
    ["n", "7.5", "wrong-type", "n (7.5) is not an integer"],
    ["n", "0x10", "wrong-type", "n (0x10) is not an integer"],
    ["n", "1_000", "wrong-type", "n (1_000) is not an integer"],
    ["n", '""', "wrong-type", "n () is not an integer"],
    ["n", "9007199254740993", "unsafe-integer", "beyond 2^53"],
    ["n", "-6", "constraint-violated", "minimum"],
    ["big", "9223372036854775808", "wrong-type", "does not fit into 64 bits"],
    ["x", "1e999", "wrong-type", "is not a number"],
    ["x", "1,5".replace(",", ";"), "wrong-type", "is not a number"],
    ["ok", "1", "wrong-type", "is not true or false"],
    ["day", "31.01.2026", "wrong-type", "is not a date"],
    ["day", "2026-02-30", "wrong-type", "is not a date"],
    ["at", "2026-01-31T12:00:00.1234567Z", "wrong-type", "in microseconds at most"],
    ["u", "6f1b", "wrong-type", "is not a UUID"],
    ["list", "1", "wrong-type", "list (1) is not a JSON array, and its spec declares DOUBLE[]"],
    ["list", "oops", "wrong-type", "is not a JSON array"],
    ["list", '"[1, ""a""]"', "wrong-type", "list[1]"],
    ["box", '"{""c"": 1}"', "undeclared-column", "it declares a, b"],
    ["j", "{", "wrong-type", "is not JSON"],
  ])("%s refuses %s", async (column, value, code, message) => {
    const error = await refusalOf(write(untouched, { csv: csvFile(column, value) }));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
    expect(error.message).toMatch(/^Row 1 of row \(id "a"\): /);
    expect(await untouched.read(Row).count()).toBe(0);
  });
});

describe("JSON is read as the spec declares it", () => {
  it.each([
    ["t", '"007"', "007"],
    ["t", '"x\\u0000y"', "x\0y"],
    ["t", "null", null],
    ["n", "7", 7],
    ["n", "7.0", 7],
    ["big", "9007199254740993", 9007199254740993n],
    ["big", '"9223372036854775807"', 2n ** 63n - 1n],
    ["x", "1", 1],
    ["x", '"NaN"', Number.NaN],
    ["ok", "true", true],
    ["day", '"2026-01-31"', "2026-01-31"],
    ["at", '"2026-01-31T12:00:00+01:00"', "2026-01-31T11:00:00.000000Z"],
    ["at", '"2026-01-31T12:00:00"', "2026-01-31T12:00:00.000000Z"],
    ["list", "[1, null]", [1, null]],
    ["box", '{"a": null}', { a: null, b: null }],
    ["map", '{"": 1, "a/b~": null}', { "": 1, "a/b~": null }],
    ["j", '{"a": [1, "2", null]}', { a: [1, "2", null] }],
  ])("%s from %s", async (column, value, expected) => {
    const file = jsonFile(column, value);
    expect(await valueIn({ json: file })).toEqual(expected);
  });

  it.each([
    ["t", "7", "wrong-type", "t (7) is not a JSON string, and its spec declares VARCHAR"],
    ["n", '"7"', "wrong-type", "is not a JSON number"],
    ["n", "7.5", "wrong-type", "is not an integer"],
    ["n", "9007199254740993", "unsafe-integer", "beyond 2^53"],
    ["n", "12345678901234567890123", "unsafe-integer", "beyond 2^53"],
    ["big", "9223372036854775808", "wrong-type", "64 bits"],
    ["x", "1e400", "wrong-type", "is not a number"],
    ["ok", '"true"', "wrong-type", "is not a JSON boolean"],
    ["list", '{"0": 1}', "wrong-type", "is not a JSON array"],
    ["list", '[1, "x"]', "wrong-type", "list[1]"],
    ["box", '{"a": 1, "a": 2}', "wrong-type", "has a key twice"],
    ["map", '{"k": 1, "k": 2}', "wrong-type", "has a key twice"],
    ["map", '{"k": "x"}', "wrong-type", 'map["k"]'],
    ["j", "[12345678901234567890123]", "unsafe-integer", "beyond 2^53"],
    ["typo", "1", "undeclared-column", '"typo", which its spec does not declare'],
    ["id", '"b"', "wrong-type", "has a key twice"],
  ])("%s refuses %s", async (column, value, code, message) => {
    const error = await refusalOf(write(untouched, { json: jsonFile(column, value) }));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
    expect(error.message).toContain("Row 1 of ");
    expect(await untouched.read(Row).count()).toBe(0);
  });
});

const line = (id: string) => `{"id": "${id}", "metaxy_provenance_by_field": ${versions}}\n`;
const csvLine = (id: string) => `${id},"{""default"":""1""}"\n`;
const csvHead = "id,metaxy_provenance_by_field\n";

describe("files", () => {
  it.each(["plain", "it's", 'a"b', "a*b", "a?b", "a[b]", "ü 😀", "-x", "~", "a%20b", "a;b$"])(
    "may be named %s",
    async (name) => {
      const folder = temporaryFolder();
      const files = ["parquet", "csv", "ndjson"].map((ending) => join(folder, `${name}.${ending}`));
      const store = shared;
      await store.write(Row, untyped([{ id: "a", metaxy_provenance_by_field: { default: "1" } }]));
      // Another file that the name would match as a pattern.
      for (const ending of ["parquet", "csv", "ndjson"]) writeFileSync(join(folder, `ab.${ending}`), "no");
      for (const file of files) {
        await rowsOf(store).select("id", "metaxy_provenance_by_field").export(file);
        const format = file.endsWith("ndjson") ? "json" : (file.split(".").at(-1) ?? "");
        expect(await write(store, { [format]: file })).toMatchObject([{ id: "a" }]);
      }
    },
  );

  it("are read as one where several are named, or a pattern, in the order of their names", async () => {
    const folder = temporaryFolder({
      "b.csv": csvHead + csvLine("c"),
      "a.csv": `metaxy_provenance_by_field,id\n"{""default"":""1""}",a\n`,
      "c.ndjson": line("x") + line("y"),
      "d.json": `[${line("z")}]`,
      "e.csv.gz": "",
    });
    writeFileSync(join(folder, "e.csv.gz"), gzipSync(csvHead + csvLine("g")));
    await using store = await openStore(":memory:");
    const ids = async (input: object) => {
      const { rows } = await store.write(Row, untyped(input));
      return [rows, (await rowsOf(store).toArray()).map(({ id }) => id).join("")];
    };
    expect(await ids({ csv: join(folder, "*.csv") })).toEqual([2, "ac"]);
    expect(await ids({ json: [join(folder, "d.json"), join(folder, "c.*")] })).toEqual([3, "acxyz"]);
    expect(await ids({ csv: join(folder, "e.csv.gz") })).toEqual([1, "acgxyz"]);
  });

  it("may be CSV with another delimiter, with a byte order mark and with line ends of Windows", async () => {
    const head = "\ufeffid;t;metaxy_provenance_by_field\r\n";
    const folder = temporaryFolder({ "a.csv": `${head}a;x,y;"{""default"":""1""}"\r\n` });
    await using store = await openStore(":memory:");
    const input = { csv: join(folder, "a.csv"), delimiter: ";" };
    expect(await write(store, input)).toMatchObject([{ id: "a", t: "x,y" }]);
    const error = await refusalOf(write(store, { csv: input.csv }));
    expect([error.code, error.message]).toEqual([
      "undeclared-column",
      expect.stringContaining("pass { csv, delimiter }"),
    ]);
  });

  it("without rows write none", async () => {
    const folder = temporaryFolder({ "a.csv": csvHead, "a.ndjson": "", "a.json": "[]" });
    await using store = await openStore(":memory:");
    expect(await write(store, { csv: join(folder, "a.csv") })).toEqual([]);
    expect(await write(store, { json: [join(folder, "a.ndjson"), join(folder, "a.json")] })).toEqual([]);
  });

  it("give samples, and the ids of a delete", async () => {
    const folder = temporaryFolder({ "a.ndjson": line("a") + line("b"), "b.csv": "id,t\na,x\n" });
    await using store = await openStore(":memory:");
    await using increment = await store.resolve(
      Row,
      untyped({ samples: { json: join(folder, "a.ndjson") } }),
    );
    expect(await increment.write(untyped(increment.new))).toMatchObject({ rows: 2 });
    expect(await store.delete(Row, untyped({ csv: join(folder, "b.csv") }))).toMatchObject({ samples: 1 });
    expect(await store.delete(Row, untyped({ json: join(folder, "a.ndjson") }))).toMatchObject({
      samples: 1,
    });
    const error = await refusalOf(store.delete(Row, untyped({ json: temporaryJson('[{"id": null}]') })));
    expect(error.code).toBe("null-id");
  });
});

function temporaryJson(content: string): string {
  return join(temporaryFolder({ "a.json": content }), "a.json");
}

describe("files that can't be read", () => {
  const folder = () => {
    const path = temporaryFolder({
      "bad.parquet": "This is not Parquet, though it is long enough to be.",
      "empty.parquet": "",
      "empty.csv": "",
      "ragged.csv": `${csvHead}1,2,3\n`,
      "short.csv": `${csvHead}1\n`,
      "open.csv": `${csvHead}1,"a\n`,
      "head.csv": '"id,v\n',
      "twice.csv": "id,id\n1,2\n",
      "other.csv": "id,tt,metaxy_provenance_by_field\n",
      "broken.json": '[{"id": "a"}, {"id": ',
      "five.json": "[5]",
      "text.json": "hello",
      "none.json": '[{"id": null}]',
    });
    writeFileSync(
      join(path, "latin.csv"),
      Buffer.concat([Buffer.from("id,t\n1,caf"), Buffer.from([0xe9, 10])]),
    );
    writeFileSync(join(path, "latin-head.csv"), Buffer.from([0x63, 0xe9, 10]));
    mkdirSync(join(path, "folder"));
    return path;
  };

  it.each([
    ["parquet", "no.parquet", "file-not-found", "There is no file of that name"],
    ["parquet", "no*.parquet", "file-not-found", "No file matches the pattern"],
    ["csv", "folder", "file-not-found", "It is a folder: name the files in it, as in folder/*.parquet"],
    ["parquet", "bad.parquet", "file-unreadable", "bad.parquet can't be read as Parquet: No magic bytes"],
    ["parquet", "empty.parquet", "file-unreadable", "too small to be a Parquet file"],
    ["parquet", "ragged.csv", "file-unreadable", "can't be read as Parquet"],
    ["csv", "empty.csv", "file-unreadable", "empty.csv is empty"],
    [
      "csv",
      "ragged.csv",
      "file-unreadable",
      "Line: 2; Original Line: 1,2,3; Expected Number of Columns: 2 Found: 3",
    ],
    ["csv", "short.csv", "file-unreadable", "Expected Number of Columns: 2 Found: 1"],
    ["csv", "open.csv", "file-unreadable", "Line: 2"],
    ["csv", "head.csv", "file-unreadable", "quote without an end"],
    ["csv", "twice.csv", "file-unreadable", 'two columns named "id"'],
    ["csv", "latin.csv", "file-unreadable", "not utf-8"],
    ["csv", "latin-head.csv", "file-unreadable", "is not a text in UTF-8"],
    ["csv", "bad.parquet", "undeclared-column", "which its spec does not declare"],
    ["csv", "other.csv", "undeclared-column", 'other.csv for row has "tt"'],
    ["json", "broken.json", "file-unreadable", "Malformed JSON"],
    ["json", "text.json", "file-unreadable", "Malformed JSON"],
    ["json", "five.json", "wrong-type", "is not an object"],
    ["json", "none.json", "null-id", "id is missing or null"],
    ["json", "https://example.org/a.json", "file-not-found", "is a URL"],
  ])("%s %s", async (format, name, code, message) => {
    const file = name.includes("://") ? name : join(folder(), name);
    const error = await refusalOf(write(untouched, { [format]: file }));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
    expect(error.message).not.toMatch(/LINE 1|read_|ignore_errors/);
    expect(await untouched.read(Row).count()).toBe(0);
  });

  it.each([
    [{ parquet: [] }, "wrong-type", "a list of paths"],
    [{ parquet: 5 }, "wrong-type", "a list of paths"],
    [{ csv: "a.csv", delimiter: "::" }, "wrong-type", "one character"],
    [{ csv: "a.csv", delimeter: ";" }, "unknown-option", "delimeter"],
    [{ json: "a.json", csv: "b.csv" }, "unknown-option", "json"],
  ])("%j", async (input, code, message) => {
    const error = await refusalOf(write(untouched, input));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
  });

  it.skipIf(process.getuid?.() === 0)("without the permission", async () => {
    const file = join(temporaryFolder({ "a.csv": csvHead }), "a.csv");
    chmodSync(file, 0);
    await using store = await openStore(":memory:");
    expect((await refusalOf(write(store, { csv: file }))).code).toBe("file-forbidden");
  });

  it("where the store has no access to files", async () => {
    const file = join(temporaryFolder({ "a.csv": csvHead }), "a.csv");
    await using store = await openStore(":memory:", { duckdb: { enable_external_access: "false" } });
    for (const csv of [file, file.replace("a.", "*.")]) {
      const error = await refusalOf(write(store, { csv }));
      expect([error.code, error.message]).toEqual([
        "file-forbidden",
        expect.stringContaining("without access to files"),
      ]);
    }
  });

  it("when cancelled, and nothing is written", async () => {
    const file = join(temporaryFolder({ "a.csv": csvHead + csvLine("a") }), "a.csv");
    await using store = await openStore(":memory:");
    const signal = AbortSignal.abort();
    for (const rows of [{ csv: file }, { sql: "SELECT 1" }, [{ id: "a" }]]) {
      const error = await refusalOf(store.write(Row, untyped(rows), { signal }));
      expect(error.code).toBe("cancelled");
    }
    const controller = new AbortController();
    function* endless() {
      for (let id = 0; ; id++) {
        if (id === 10) controller.abort();
        yield { id: String(id), metaxy_provenance_by_field: { default: "1" } };
      }
    }
    const work = store.write(Row, untyped(endless()), { signal: controller.signal });
    expect((await refusalOf(work)).code).toBe("cancelled");
    expect(await write(store, { csv: file })).toHaveLength(1);
  });
});

describe("Parquet files", () => {
  const fileOf = async (sql: string, name = "a.parquet", folder = temporaryFolder()) => {
    const file = join(folder, name);
    await queryFile(":memory:", `COPY (SELECT ${sql}) TO '${file}' (FORMAT parquet)`);
    return file;
  };
  const provenance = "{'default': '1'} AS metaxy_provenance_by_field";

  it("fit by the rules for SQL", async () => {
    await using store = await openStore(":memory:");
    const good = await fileOf(`'a' AS id, 7::TINYINT AS n, 0.5::FLOAT AS x, NULL AS t, ${provenance}`);
    expect(await write(store, { parquet: good })).toMatchObject([{ id: "a", n: 7, x: 0.5, t: null }]);
    const error = await refusalOf(
      write(store, { parquet: await fileOf(`'a' AS id, 1.5 AS n, ${provenance}`) }),
    );
    expect([error.code, error.message]).toEqual([
      "wrong-type",
      expect.stringContaining("n of rows for row is DECIMAL(2,1), and its spec declares BIGINT"),
    ]);
    const lacking = await refusalOf(write(store, { parquet: await fileOf("1::BIGINT AS n") }));
    expect(lacking.code).toBe("missing-column");
  });

  it("name the casts of UUID and JSON that other programs wrote as bytes", async () => {
    const uuid = "6f1b2c3d-0000-4000-8000-00000000abcd";
    const file = await fileOf(
      `'a' AS id, '\\x6F\\x1B\\x2C\\x3D\\x00\\x00\\x40\\x00\\x80\\x00\\x00\\x00\\x00\\x00\\xAB\\xCD'::BLOB AS u,
       encode('{"k": 1}') AS j, ${provenance}`,
    );
    await using store = await openStore(":memory:");
    const error = await refusalOf(write(store, { parquet: file }));
    expect(error.code).toBe("wrong-type");
    const [, sql = ""] = /\{ sql: `(.*)` \}/.exec(error.message) ?? [];
    expect(error.message).toContain('"u"::UUID AS "u", decode("j")::JSON AS "j"');
    expect(await write(store, { sql })).toMatchObject([{ id: "a", u: uuid, j: { k: 1 } }]);
    const inQuery = await refusalOf(write(store, { sql: `FROM '${file}'` }));
    expect(inQuery.message).toContain('decode("j")::JSON AS "j"');
  });

  it("are read as one only where their columns are the same", async () => {
    const folder = temporaryFolder();
    await fileOf(`'a' AS id, 9007199254740993 AS big, ${provenance}`, "a.parquet", folder);
    await fileOf(`0.5::DOUBLE AS big, 'b' AS id, ${provenance}`, "b.parquet", folder);
    await using store = await openStore(":memory:");
    const error = await refusalOf(write(store, { parquet: join(folder, "*.parquet") }));
    expect([error.code, error.message]).toEqual([
      "wrong-type",
      expect.stringContaining("big is BIGINT in the first, and DOUBLE in the second"),
    ]);
    await fileOf(`8::BIGINT AS big, ${provenance}, 'b' AS id`, "b.parquet", folder);
    expect(await write(store, { parquet: join(folder, "*.parquet") })).toMatchObject([
      { id: "a", big: 9007199254740993n },
      { id: "b", big: 8n },
    ]);
  });

  it("have no columns from the names of folders", async () => {
    const folder = temporaryFolder({ "t=x/empty": "" });
    const file = await fileOf(`'a' AS id, ${provenance}`, "t=x/a.parquet", folder);
    await using store = await openStore(":memory:");
    expect(await write(store, { parquet: file })).toMatchObject([{ id: "a", t: null }]);
  });
});
