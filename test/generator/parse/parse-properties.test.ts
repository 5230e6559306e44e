import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileModel } from "../../../generator/compile-project.ts";
import { type Diagnostic, hasErrors } from "../../../generator/diagnostics/diagnostic.ts";
import { splitLines } from "../../../generator/diagnostics/source-lines.ts";
import { parseSpecs } from "../../../generator/parse/index.ts";
import { renderDiagnosticsGithub } from "../../../generator/report/github/workflow-command.ts";
import { renderDiagnosticsText } from "../../../generator/report/text/render-diagnostics.ts";
import { readSources } from "../../../generator/source/index.ts";
import { readJsonDocument } from "../../../generator/source/read-json-document.ts";
import type { Sources } from "../../../generator/source/source-file.ts";

/** A spec that uses every keyword of the language. */
const everything = {
  $schema: "../feature.schema.json",
  title: "Clip",
  description: "A clip.",
  type: "object",
  properties: {
    id: { type: "string", minLength: 1, maxLength: 40, pattern: "^[a-z]+$", examples: ["a"] },
    at: { type: ["string", "null"], format: "date-time", default: "2026-01-31T12:00:00Z" },
    size: { type: "integer", format: "int64", minimum: 0, maximum: 10, multipleOf: 2, deprecated: true },
    score: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
    lang: { title: "Language", enum: ["en", "de", null] },
    kind: { const: "clip" },
    tags: { type: "array", items: { type: "string" }, minItems: 0, maxItems: 9, uniqueItems: true },
    box: { type: "object", properties: { x: { $ref: "#/$defs/n" }, y: { type: "number" } }, required: ["x"] },
    counts: { type: "object", additionalProperties: { type: "integer" } },
    any: { anyOf: [{ type: "string" }, { oneOf: [{ type: "number" }, { type: "boolean" }] }] },
    shared: { $ref: "types.json#/$defs/path", description: "A path." },
  },
  required: ["id", "size", "kind"],
  additionalProperties: false,
  $defs: { n: { type: "number", $defs: { inner: { type: "string" } } } },
  feature: {
    key: "clip",
    idColumns: ["id"],
    deps: [
      "audio",
      {
        feature: "video/raw",
        select: ["path"],
        rename: { path: "video_path" },
        where: ["path != ''"],
        optional: true,
        lineage: { type: "aggregation", on: ["id"] },
        fieldsMapping: { type: "default", matchSuffix: true, excludeFields: ["a"] },
      },
      {
        feature: "b",
        lineage: { type: "expansion", on: ["id"] },
        fieldsMapping: { type: "specific", mapping: { x: ["y"] } },
      },
    ],
    fields: [
      "x",
      { key: "y", codeVersion: "2", deps: [{ feature: "audio", fields: ["x"] }] },
      { key: "z", deps: "all" },
    ],
    metadata: { owner: "me" },
  },
};

const types = { $defs: { path: { type: "string", minLength: 1 } } };

function project(spec: unknown): Sources {
  return {
    "schemas/clip.feature.json": JSON.stringify(spec, undefined, 2),
    "schemas/types.json": JSON.stringify(types, undefined, 2),
  };
}

/** Every way to a value in a JSON value, the root's first. */
function pathsIn(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([name, child]) => pathsIn(child).map((path) => [name, ...path])),
  ];
}

type Edit = (parent: Record<string, unknown>, name: string, values: { json: unknown; name: string }) => void;

const edits: Readonly<Record<string, Edit>> = {
  delete: (parent, name) => {
    if (Array.isArray(parent)) parent.splice(Number(name), 1);
    else delete parent[name];
  },
  replace: (parent, name, { json }) => {
    parent[name] = json;
  },
  duplicate: (parent, name, values) => {
    if (Array.isArray(parent)) parent.push(structuredClone(parent[Number(name)]));
    else parent[values.name] = structuredClone(parent[name]);
  },
  exchange: (parent, name, values) => {
    const names = Object.keys(parent);
    const other = names[values.name.length % names.length] ?? name;
    [parent[name], parent[other]] = [parent[other], parent[name]];
  },
};

const words = [
  ...new Set(pathsIn(everything).flat()),
  "audio",
  "clip",
  "string",
  "null",
  "#/$defs/n",
  "#",
  "(?=a)",
];
const name = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5, unit: "binary" }));
const json = fc.oneof(fc.constantFrom<unknown>(...words), fc.jsonValue({ maxDepth: 2 }));
const step = fc.record({
  kind: fc.constantFrom(...Object.keys(edits)),
  where: fc.nat(),
  values: fc.record({ json, name }),
});

/** The spec above with some things deleted, replaced, copied or exchanged. */
const damaged = fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => {
  const spec = structuredClone(everything) as Record<string, unknown>;
  for (const { kind, where, values } of steps) {
    const paths = pathsIn(spec).filter((path) => path.length > 0);
    const path = paths[where % paths.length] ?? [];
    const parent = path
      .slice(0, -1)
      .reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], spec);
    edits[kind]?.(parent as Record<string, unknown>, path.at(-1) ?? "", values);
  }
  return spec;
});

function expectWellPlaced(diagnostics: readonly Diagnostic[], sources: Sources): void {
  for (const { file, line, column, length, message, hint = "" } of diagnostics) {
    const text = splitLines((sources[file] ?? "").replace(/^\uFEFF/, ""))[line - 1];
    expect(text, `${file}:${line}`).toBeDefined();
    const end = Math.max(text?.length ?? 0, column);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(length).toBeGreaterThanOrEqual(1);
    expect(column - 1 + length).toBeLessThanOrEqual(end);
    expect(message).toMatch(/^[^a-z].*[.?]$/s);
    expect(`${message} ${hint}`).not.toMatch(/undefined|\[object/);
  }
}

function check(sources: Sources): void {
  const read = readSources(sources);
  const parsed = parseSpecs(read);
  const found = [...read.diagnostics, ...parsed.diagnostics];
  expectWellPlaced(found, sources);
  if (parsed.specs.length === 0) expect(hasErrors(found)).toBe(true);
  const { diagnostics } = compileModel(sources, { hashLength: 64, schemas: "schemas" });
  expectWellPlaced(diagnostics, sources);
  expect(renderDiagnosticsText(diagnostics, sources, { color: false })).not.toBe("");
  expect(renderDiagnosticsGithub(diagnostics).split("\n")).toHaveLength(diagnostics.length + 1);
}

describe("whatever is written", () => {
  test("the whole spec parses", () => {
    const parsed = parseSpecs(readSources(project(everything)));
    expect(parsed.diagnostics).toEqual([]);
    expect(parsed.specs).toHaveLength(1);
  });

  test("a damaged spec is refused or read, never a crash, and every place exists", () => {
    fc.assert(
      fc.property(damaged, (spec) => check(project(spec))),
      { numRuns: 500 },
    );
  });

  test("any JSON in a spec's place, or behind a reference, is refused or read", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (spec, target) => {
        check({ "schemas/clip.feature.json": JSON.stringify(spec) });
        const sources = project(everything);
        check({ ...sources, "schemas/types.json": JSON.stringify({ $defs: { path: target } }) });
      }),
      { numRuns: 200 },
    );
  });

  test("a text is read exactly if JavaScript takes it for JSON, with the same value", () => {
    const valid = JSON.stringify(everything, undefined, 1);
    const piece = fc.oneof(
      fc.constantFrom(..."{}[]\",:\\/'-+.eE0123tfn\n\r\t \u0000\u2028"),
      fc.constantFrom("true", "null", "\\u12", "\\ud800", '"a"', "//", "1.", "-", "NaN", "__proto__"),
      fc.string({ maxLength: 3, unit: "binary" }),
    );
    const edit = fc.record({ at: fc.nat({ max: valid.length }), cut: fc.nat({ max: 3 }), piece });
    const text = fc.oneof(
      fc
        .array(edit, { maxLength: 3 })
        .map((all) =>
          all.reduce(
            (from, { at, cut, piece: put }) => from.slice(0, at) + put + from.slice(at + cut),
            valid,
          ),
        ),
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
      fc.json(),
    );
    fc.assert(
      fc.property(text, (source) => {
        const { document, diagnostics } = readJsonDocument("a.json", source);
        expectWellPlaced(diagnostics, { "a.json": source });
        let value: unknown;
        let isJson = true;
        try {
          value = JSON.parse(source.replace(/^\uFEFF/, ""));
        } catch {
          isJson = false;
        }
        expect(document !== undefined, JSON.stringify(source)).toBe(isJson);
        const isAltered = diagnostics.some(({ code }) => code === "json-number");
        if (isJson && !isAltered) expect(document?.value).toEqual(value);
      }),
      { numRuns: 2000 },
    );
  });
});
