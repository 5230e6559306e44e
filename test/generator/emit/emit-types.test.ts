import { describe, expect, test } from "vitest";
import { typePrinter } from "../../../generator/emit/column-types.ts";
import type { TypedColumn } from "../../../generator/emit/printable-column.ts";
import type { ColumnSchema } from "../../../generator/parse/parsed-spec.ts";
import type { ColumnType } from "../../../runtime/columns/column-type.ts";

const json: ColumnType = { kind: "json" };
const varchar: ColumnType = { kind: "scalar", name: "VARCHAR" };
const int64: ColumnType = { kind: "scalar", name: "INT64" };

/** Golden modules show the usual columns; here are the odd ones. */
describe("the type of a JSON column", () => {
  test.each<[string, ColumnSchema]>([
    ["unknown", {}],
    ["unknown", { description: "Whatever.", title: "A name" }],
    ["string | number", { type: ["string", "integer"] }],
    ["string | boolean", { anyOf: [{ type: "string", minLength: 1 }, { type: "boolean" }] }],
    [
      "string | number | boolean",
      { oneOf: [{ anyOf: [{ type: "string" }, { type: "number" }] }, { type: "boolean" }] },
    ],
    ["string", { type: "string", anyOf: [{ minLength: 3 }, { pattern: "^a" }] }],
    ['"a" | 1 | true', { enum: ["a", 1, true] }],
    ["unknown", { anyOf: [{ type: "string" }, {}] }],
    ["unknown[]", { type: "array" }],
    ["(string | null)[]", { type: "array", items: { anyOf: [{ type: "string" }, { type: "null" }] } }],
    ["{\n    [k: string]: unknown;\n  }", { type: "object" }],
    ["{\n    [k: string]: number;\n  }", { type: "object", additionalProperties: { type: "number" } }],
    [
      "{\n    a: string;\n    b?: number;\n  }",
      objectWith({ a: { type: "string" }, b: { type: "integer" } }, ["a"]),
    ],
    ["{\n    a?: null;\n  }", objectWith({ a: { type: "null" } })],
    [
      "{\n    a?: string;\n    [k: string]: unknown;\n  }",
      { ...objectWith({ a: { type: "string" } }), additionalProperties: true },
    ],
    ["{\n    a?: string;\n  }", { properties: { a: { type: "string" } } }],
    [
      "{\n    a?: string;\n  } & {\n    b: number;\n  }",
      {
        ...objectWith({ a: { type: "string" } }),
        anyOf: [objectWith({ b: { type: "number" } }, ["b"])],
      },
    ],
  ])("%s", async (expected, schema) => {
    expect(await print({ schema, type: json, nullable: false })).toBe(expected);
  });
});

describe("null", () => {
  test.each<[string, TypedColumn]>([
    ["string | null", { schema: { type: "string" }, type: varchar, nullable: true }],
    ['"a" | "b" | null', { schema: { enum: ["a", "b", null] }, type: varchar, nullable: true }],
    ['"a" | "null"', { schema: { enum: ["a", "null"] }, type: varchar, nullable: false }],
    [
      "bigint | null",
      { schema: { type: ["integer", "null"], format: "int64" }, type: int64, nullable: true },
    ],
    ["number | null", { schema: { type: ["number", "null"] }, type: json, nullable: true }],
    ["unknown", { schema: {}, type: json, nullable: true }],
    ["null", { schema: { const: null }, type: json, nullable: true }],
    [
      "(string | null)[]",
      { schema: listOf({ type: ["string", "null"] }), type: lists(varchar), nullable: false },
    ],
    ['("a" | null)[]', { schema: listOf({ enum: ["a", null] }), type: lists(varchar), nullable: false }],
    ['("a" | "null")[]', { schema: listOf({ enum: ["a", "null"] }), type: lists(varchar), nullable: false }],
    ["string[] | null", { schema: listOf({ type: "string" }), type: lists(varchar), nullable: true }],
  ])("%s", async (expected, column) => {
    expect(await print(column)).toBe(expected);
  });
});

describe("values that are read as they are stored", () => {
  test.each<[string, TypedColumn]>([
    ["bigint", { schema: { type: "integer", format: "int64", enum: [1, 2] }, type: int64, nullable: false }],
    [
      "string",
      {
        schema: { type: "string", format: "uuid", enum: ["A"] },
        type: { kind: "scalar", name: "UUID" },
        nullable: false,
      },
    ],
    ["-1 | 0.5", { schema: { enum: [-1, 0.5] }, type: { kind: "scalar", name: "DOUBLE" }, nullable: false }],
    ["true", { schema: { const: true }, type: { kind: "scalar", name: "BOOLEAN" }, nullable: false }],
    ['"a\\nb" | "\\u2028"', { schema: { enum: ["a\nb", "\u2028"] }, type: varchar, nullable: false }],
  ])("%s", async (expected, column) => {
    expect(await print(column)).toBe(expected);
  });
});

test("names of nested members are kept, whatever json-schema-to-typescript would make of them", async () => {
  const names = [
    "$ref",
    "$id",
    "id",
    "title",
    "tsType",
    "items",
    "extends",
    "definitions",
    "m0",
    "c1",
    "a b",
    '"',
    "*/",
  ];
  const members = names.map((name) => ({ name, type: varchar }));
  const schema = objectWith(Object.fromEntries(names.map((name) => [name, { type: "string" }])), names);
  const printed = await print({ schema, type: { kind: "struct", members }, nullable: false });
  expect(printed.split("\n").slice(1, -1)).toEqual([
    "    $ref: string;",
    "    $id: string;",
    "    id: string;",
    "    title: string;",
    "    tsType: string;",
    "    items: string;",
    "    extends: string;",
    "    definitions: string;",
    "    m0: string;",
    "    c1: string;",
    '    "a b": string;',
    '    "\\"": string;',
    '    "*/": string;',
  ]);
});

test("a value that looks like a placeholder stays a value", async () => {
  const values = ["m0", "m0: string", "  c0: string", "c1", "line\n  c1: x"];
  const schema = objectWith({ a: { enum: values }, b: { type: "string" } }, ["a", "b"]);
  const members = ["a", "b"].map((name) => ({ name, type: varchar }));
  const column: TypedColumn = { schema, type: { kind: "struct", members }, nullable: false };
  const other: TypedColumn = { schema: { type: "string" }, type: varchar, nullable: false };
  const [first, second] = await (await typePrinter())([column, other]);
  for (const value of values) expect(first).toContain(JSON.stringify(value));
  expect(second).toBe("string");
});

test("a type does not depend on what was printed before it, or beside it", async () => {
  const columns: TypedColumn[] = [
    { schema: { type: "string" }, type: varchar, nullable: false },
    { schema: objectWith({ a: { type: "string", description: "One." } }), type: json, nullable: false },
    { schema: objectWith({ a: { type: "string", description: "Another." } }), type: json, nullable: false },
    { schema: { type: "string", description: "Elsewhere." }, type: varchar, nullable: false },
    {
      schema: { enum: Array.from({ length: 20 }, (_, index) => `alternative ${index}`) },
      type: varchar,
      nullable: true,
    },
  ];
  const alone = await Promise.all(columns.map(print));
  const printTypes = await typePrinter();
  expect(await printTypes(columns)).toEqual(alone);
  expect(await printTypes([...columns].reverse())).toEqual([...alone].reverse());
  expect(alone[1]).toContain("/** One. */");
  expect(alone[2]).toContain("/** Another. */");
});

test("no columns, no types", async () => {
  expect(await (await typePrinter())([])).toEqual([]);
});

async function print(column: TypedColumn): Promise<string> {
  const [type = ""] = await (await typePrinter())([column]);
  return type;
}

function objectWith(
  properties: Record<string, ColumnSchema>,
  required: readonly string[] = [],
): ColumnSchema {
  return { type: "object", properties, required };
}

function listOf(items: ColumnSchema): ColumnSchema {
  return { type: "array", items };
}

function lists(items: ColumnType): ColumnType {
  return { kind: "list", items };
}
