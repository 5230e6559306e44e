import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { columnTransition } from "../../../../runtime/columns/column-transition.ts";
import { parseColumn } from "../../../../runtime/columns/column-type.ts";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { isStemmaError } from "../../../../runtime/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

const integer = { type: "integer" };
const object = (properties: object) => ({ type: "object", properties, additionalProperties: false });
const list = (items: object) => ({ type: "array", items });

/** What the page calls a type. */
const schemas: Readonly<Record<string, object>> = {
  integer,
  int64: { ...integer, format: "int64" },
  number: { type: "number" },
  string: { type: "string" },
  boolean: { type: "boolean" },
  date: { type: "string", format: "date" },
  "date-time": { type: "string", format: "date-time" },
  uuid: { type: "string", format: "uuid" },
  anything: {},
  "integer[]": list(integer),
  "number[]": list({ type: "number" }),
  "map of integer": { type: "object", additionalProperties: integer },
  "map of number": { type: "object", additionalProperties: { type: "number" } },
  "{a: integer}": object({ a: integer }),
  "{a: number}": object({ a: { type: "number" } }),
  "{a, b: integer}": object({ a: integer, b: integer }),
  "{a, c}": object({ a: integer, c: { type: "string" } }),
  "{a: integer}[]": list(object({ a: integer })),
  "{a, b: integer}[]": list(object({ a: integer, b: integer })),
};

interface PageRow {
  readonly was: string;
  readonly now: string;
  readonly stored: string;
  readonly reads: string;
  readonly written: string;
  readonly column: string;
  readonly diff: string;
}

const page = readFileSync(new URL("../../../../docs/stored-tables.md", import.meta.url), "utf8");
const cases = page
  .split("\n")
  .filter((line) => /^\| .*`/.test(line))
  .map((line): PageRow => {
    const [was = "", now = "", stored = "", reads = "", written = "", column = "", diff = ""] = line
      .slice(2, -2)
      .split(" | ")
      .map((cell) => cell.replaceAll("`", ""));
    return { was, now, stored, reads, written, column, diff };
  });

const feature = (kind: string) => {
  const schema = schemas[kind];
  if (schema === undefined) throw new Error(`The page names ${kind}, which no schema is here for`);
  const column = "type" in schema ? { ...schema, type: [schema.type, "null"] } : schema;
  return loadFeature([buildSpec("ev", { columns: { id: text, x: column }, ids: ["id"] })], "ev");
};

const row = (kind: string, id: string, json: string) => ({
  id,
  x: kind === "int64" ? BigInt(json) : JSON.parse(json),
  metaxy_provenance_by_field: { default: "1" },
});

describe("docs/stored-tables.md", () => {
  it("has the pairs", () => {
    expect(cases.length).toBeGreaterThanOrEqual(38);
  });

  it.each(cases)(
    "$was → $now, $stored: $column",
    async ({ was, now, stored, reads, written, column, diff }) => {
      expect(diff).toBe(classification(was, now).replaceAll("`", ""));
      const file = await freshPath();
      await using store = await openStore(file);
      await store.write(feature(was), untyped([row(was, "old", stored)]));
      const changed = feature(now);
      const read = async () =>
        (await store.read(changed).toArray()) as unknown as { id: string; x: unknown }[];
      const isRefused = (error: unknown) => isStemmaError(error, "column-type");

      if (reads === "refused") await expect(read()).rejects.toSatisfy(isRefused);
      else expect((await read())[0]?.x).toEqual(JSON.parse(reads));

      const write = store.write(changed, untyped([row(now, "new", written)]));
      if (column === "refused") {
        await expect(write).rejects.toSatisfy(isRefused);
        const resolve = store.resolve(changed, { samples: untyped([row(now, "new", written)]) });
        await expect(resolve).rejects.toSatisfy(isRefused);
      } else {
        await write;
        expect((await read()).map(({ x }) => x)).toEqual([JSON.parse(written), JSON.parse(reads)]);
      }
      await store.close();
      if (column !== "refused") expect(await typeOf(file)).toBe(column.replace(/^(stays|altered to) /, ""));
    },
  );
});

/** What the diff says of stored values, without a store. */
function classification(was: string, now: string): string {
  const [from, to] = [was, now].map((kind) => parseColumn(feature(kind).spec.columns["x"] ?? "").type);
  if (from === undefined || to === undefined) throw new Error("No types");
  const { verdict, parts } = columnTransition(from, to);
  const provided = parts.flatMap((part) => part.provided ?? []);
  return provided.length === 0 || verdict === "refused"
    ? verdict
    : `${verdict} if ${provided.join(", and ")}`;
}

async function typeOf(file: string): Promise<string> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll("DESCRIBE ev")).getRows();
  connection.closeSync();
  instance.closeSync();
  return String(rows.find(([name]) => name === "x")?.[1]).replaceAll('"', "");
}
