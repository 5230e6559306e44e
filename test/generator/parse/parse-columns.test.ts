import { describe, expect, test } from "vitest";
import { parseSpecs } from "../../../generator/parse/index.ts";
import type { ParsedColumn, ParsedSpec } from "../../../generator/parse/parsed-spec.ts";
import { readSources } from "../../../generator/source/index.ts";
import { printColumn } from "../../../runtime/columns/column-type.ts";

/** The columns of a spec with these `properties`, beside an id. */
function columnsOf(
  properties: object,
  {
    required = Object.keys(properties),
    $defs = {},
    files = {},
  }: { required?: string[]; $defs?: object; files?: object } = {},
): Map<string, ParsedColumn> {
  const spec = {
    type: "object",
    properties: { id: { type: "string" }, ...properties },
    required: ["id", ...required],
    $defs,
    feature: { key: "clip", idColumns: ["id"] },
  };
  const sources = { "schemas/clip.feature.json": spec, ...files };
  const texts = Object.entries(sources).map(([file, value]) => [file, JSON.stringify(value)]);
  const read = readSources(Object.fromEntries(texts));
  const { specs, diagnostics } = parseSpecs(read);
  expect([...read.diagnostics, ...diagnostics].map(({ message }) => message)).toEqual([]);
  const [parsed] = specs as [ParsedSpec];
  return new Map(parsed.columns.map((column) => [column.name, column]));
}

function columnOf(schema: object, options: Parameters<typeof columnsOf>[1] = {}): ParsedColumn {
  const column = columnsOf({ x: schema }, options).get("x");
  if (column === undefined) throw new Error("The column is lost");
  return column;
}

const string = { type: "string" };

describe("types of columns", () => {
  test.each([
    [{ type: "string" }, "VARCHAR NOT NULL"],
    [{ type: "string", format: "date-time" }, "TIMESTAMPTZ NOT NULL"],
    [{ type: "string", format: "date" }, "DATE NOT NULL"],
    [{ type: "string", format: "uuid" }, "UUID NOT NULL"],
    [{ type: "integer" }, "BIGINT NOT NULL"],
    [{ type: "integer", format: "int64" }, "INT64 NOT NULL"],
    [{ type: "number" }, "DOUBLE NOT NULL"],
    [{ type: "boolean" }, "BOOLEAN NOT NULL"],
    [{ type: ["string", "null"] }, "VARCHAR"],
    [{ type: ["null", "integer"], format: "int64" }, "INT64"],
    [{ type: "array", items: { type: "number" } }, "DOUBLE[] NOT NULL"],
    [
      { type: "array", items: { type: "array", items: { type: ["string", "null"] } } },
      "VARCHAR[][] NOT NULL",
    ],
    [{ type: "array" }, "JSON NOT NULL"],
    [
      { type: "object", properties: { x: { type: "number" }, 'a "b"': { type: "array", items: string } } },
      'STRUCT("x" DOUBLE, "a ""b""" VARCHAR[]) NOT NULL',
    ],
    [
      { type: "object", properties: { x: string }, additionalProperties: false },
      'STRUCT("x" VARCHAR) NOT NULL',
    ],
    [{ type: "object", additionalProperties: { type: "number" } }, "MAP(VARCHAR, DOUBLE) NOT NULL"],
    [{ type: "object", additionalProperties: true }, "MAP(VARCHAR, JSON) NOT NULL"],
    [{ type: "object", properties: { x: string }, additionalProperties: string }, "JSON NOT NULL"],
    [{ type: "object", properties: { x: string }, additionalProperties: true }, "JSON NOT NULL"],
    [{ type: "object" }, "JSON NOT NULL"],
    [{ type: "object", properties: {} }, "JSON NOT NULL"],
    [{ type: "string", enum: ["a", "b"] }, "VARCHAR NOT NULL"],
    [{ enum: ["a", "b"] }, "VARCHAR NOT NULL"],
    [{ enum: ["a", null] }, "VARCHAR"],
    [{ enum: [1, 2] }, "BIGINT NOT NULL"],
    [{ enum: [1, 2.5] }, "DOUBLE NOT NULL"],
    [{ enum: [true, false] }, "BOOLEAN NOT NULL"],
    [{ enum: ["a", 1] }, "JSON NOT NULL"],
    [{ enum: [["a"]] }, "JSON NOT NULL"],
    [{ const: "a" }, "VARCHAR NOT NULL"],
    [{ const: null }, "JSON"],
    [{ type: ["string", "null"], enum: [null] }, "JSON"],
    [{ type: ["string", "integer"] }, "JSON NOT NULL"],
    [{ type: ["string", "integer", "null"] }, "JSON"],
    [{ type: "null" }, "JSON"],
    [{}, "JSON"],
    [{ anyOf: [string, { type: "number" }] }, "JSON NOT NULL"],
    [{ anyOf: [string, { type: "null" }] }, "JSON"],
    [{ oneOf: [string, { enum: [1, null] }] }, "JSON"],
    [{ type: "string", anyOf: [{ enum: ["a"] }, { enum: ["b"] }] }, "JSON NOT NULL"],
  ])("%j is %s", (schema, type) => {
    expect(printColumn(columnOf(schema))).toBe(type);
  });

  test("a column that is not required is nullable", () => {
    expect(printColumn(columnOf(string, { required: [] }))).toBe("VARCHAR");
  });

  test("an enum without null beside a type with null: nullable, and a warning", () => {
    const text = JSON.stringify({
      type: "object",
      properties: { id: string, x: { type: ["string", "null"], enum: ["a"] } },
      required: ["id", "x"],
      feature: { key: "clip", idColumns: ["id"] },
    });
    const { specs, diagnostics } = parseSpecs(readSources({ "schemas/clip.feature.json": text }));
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ["enum-without-null", "warning"],
    ]);
    expect(specs[0]?.columns[1]?.nullable).toBe(true);
  });
});

describe("constraints", () => {
  test("are collected for scalars, in a fixed order, `const` as an enum of one", () => {
    expect(
      columnOf({ maximum: 9, type: "integer", enum: [2, 4], multipleOf: 2, minimum: 1 }).constraints,
    ).toEqual([
      { at: [], keyword: "minimum", value: 1 },
      { at: [], keyword: "maximum", value: 9 },
      { at: [], keyword: "multipleOf", value: 2, exactly: true },
      { at: [], keyword: "enum", value: [2, 4] },
    ]);
    expect(columnOf({ type: "string", pattern: "^a", maxLength: 3, minLength: 1 }).constraints).toEqual([
      { at: [], keyword: "minLength", value: 1 },
      { at: [], keyword: "maxLength", value: 3 },
      { at: [], keyword: "pattern", value: "^a" },
    ]);
    expect(columnOf({ const: "a" }).constraints).toEqual([{ at: [], keyword: "enum", value: ["a"] }]);
  });

  test("lie at every depth of lists, maps, structs and JSON", () => {
    const placed = (schema: object) =>
      columnOf(schema).constraints.map(({ at, keyword }) => [
        ...at.map((step) => (typeof step === "string" ? step : `each ${step.each}`)),
        keyword,
      ]);
    expect(placed({ type: "array", items: { type: "string", minLength: 1 }, minItems: 1 })).toEqual([
      ["minItems"],
      ["each item", "type"],
      ["each item", "minLength"],
    ]);
    expect(
      placed({
        type: "object",
        additionalProperties: {
          type: "object",
          properties: { a: { type: ["integer", "null"], maximum: 3 }, b: { type: "array", items: {} } },
          required: ["a", "b"],
        },
      }),
    ).toEqual([
      ["each value", "type"],
      ["each value", "a", "maximum"],
      ["each value", "b", "required"],
    ]);
    expect(placed({ enum: ["a", 1] })).toEqual([["enum"]]);
    expect(placed({ type: ["string", "number"], minLength: 1 })).toEqual([["type"], ["minLength"]]);
    expect(
      placed({ type: "object", properties: { a: string }, required: ["a"], additionalProperties: string }),
    ).toEqual([["type"], ["a", "required"], ["a", "type"], ["each value", "type"]]);
  });
});

describe("references", () => {
  const $defs = {
    path: { type: "string", minLength: 1, description: "A path.", title: "Path" },
    again: { $ref: "#/$defs/path", description: "Another path." },
    "a/b~c %": { type: "integer" },
    box: {
      type: "object",
      properties: { at: { $ref: "#/$defs/path" } },
      $defs: { inner: { type: "boolean" } },
    },
  };

  test("are written out, and what stands beside them is added or replaces what is said for readers", () => {
    const column = columnOf({ $ref: "#/$defs/again", maxLength: 9, default: "s3://a" }, { $defs });
    expect(column.schema).toEqual({
      type: "string",
      minLength: 1,
      maxLength: 9,
      title: "Path",
      description: "Another path.",
      default: "s3://a",
    });
    expect(column.description).toBe("Another path.");
    expect(column.constraints).toEqual([
      { at: [], keyword: "minLength", value: 1 },
      { at: [], keyword: "maxLength", value: 9 },
    ]);
    expect(column.path).toEqual(["properties", "x"]);
  });

  test("are written out wherever a schema stands, and definitions are left out", () => {
    const nested = {
      type: "array",
      items: {
        anyOf: [{ $ref: "#/$defs/box" }, { type: "object", additionalProperties: { $ref: "#/$defs/again" } }],
      },
    };
    const path = { type: "string", minLength: 1, title: "Path" };
    expect(columnOf(nested, { $defs }).schema).toEqual({
      type: "array",
      items: {
        anyOf: [
          { type: "object", properties: { at: { ...path, description: "A path." } } },
          { type: "object", additionalProperties: { ...path, description: "Another path." } },
        ],
      },
    });
  });

  test("follow JSON pointers with escapes, into inner definitions, and into columns", () => {
    expect(printColumn(columnOf({ $ref: "#/$defs/a~1b~0c%20%25" }, { $defs }))).toBe("BIGINT NOT NULL");
    expect(printColumn(columnOf({ $ref: "#/$defs/box/$defs/inner" }, { $defs }))).toBe("BOOLEAN NOT NULL");
    expect(printColumn(columnOf({ $ref: "#/properties/id" }))).toBe("VARCHAR NOT NULL");
  });

  test("lead to other files, and on from there", () => {
    const files = {
      "schemas/types/types.json": {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        definitions: { point: { type: "object", properties: { x: { $ref: "../../shared.json" } } } },
      },
      "shared.json": { $schema: "any", type: "number" },
    };
    const column = columnOf({ $ref: "types/types.json#/definitions/point" }, { files });
    expect(printColumn(column)).toBe('STRUCT("x" DOUBLE) NOT NULL');
    expect(column.schema).toEqual({ type: "object", properties: { x: { type: "number" } } });
  });
});
