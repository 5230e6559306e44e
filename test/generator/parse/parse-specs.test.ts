import { describe, expect, test } from "vitest";
import { parseSpecs } from "../../../generator/parse/index.ts";
import { readSources } from "../../../generator/source/index.ts";

const columns = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };

function parse(files: Readonly<Record<string, object | string>>) {
  const texts = Object.entries(files).map(([file, value]) => [
    `schemas/${file}`,
    typeof value === "string" ? value : JSON.stringify(value, undefined, 2),
  ]);
  const read = readSources(Object.fromEntries(texts));
  const parsed = parseSpecs(read);
  return { ...parsed, codes: [...read.diagnostics, ...parsed.diagnostics].map(({ code }) => code) };
}

function parseFeature(feature: object) {
  const { specs, codes } = parse({
    "a.feature.json": { ...columns, feature: { key: "a", idColumns: ["id"], ...feature } },
  });
  expect(codes).toEqual([]);
  const [spec] = specs;
  if (spec === undefined) throw new Error("The spec is lost");
  return spec;
}

describe("defaults", () => {
  test("of a feature that names none", () => {
    const spec = parseFeature({});
    expect(spec).toMatchObject({ key: "a", idColumns: ["id"], deps: [], metadata: {} });
    expect(spec.fields).toEqual([
      { key: "default", codeVersion: "__metaxy_initial__", path: ["feature"], keyPath: ["feature"] },
    ]);
    expect("title" in spec || "description" in spec).toBe(false);
  });

  test("of a dep: a bare key, and an object with just the key, say the same", () => {
    const [bare, object] = parseFeature({ deps: ["b", { feature: "c" }] }).deps;
    const defaults = {
      rename: {},
      where: [],
      optional: false,
      lineage: { type: "identity" },
      fieldsMapping: { type: "default", matchSuffix: false, excludeFields: [] },
    };
    expect(bare).toEqual({
      ...defaults,
      feature: "b",
      path: ["feature", "deps", 0],
      featurePath: ["feature", "deps", 0],
    });
    expect(object).toEqual({
      ...defaults,
      feature: "c",
      path: ["feature", "deps", 1],
      featurePath: ["feature", "deps", 1, "feature"],
    });
  });

  test("of fields and their deps", () => {
    const deps = [{ feature: "b" }, { feature: "b", fields: ["x"] }, { feature: "c", fields: "all" }];
    const { fields } = parseFeature({ fields: ["x", { key: "y", codeVersion: "" }, { key: "z", deps }] });
    expect(fields.map(({ codeVersion }) => codeVersion)).toEqual([
      "__metaxy_initial__",
      "",
      "__metaxy_initial__",
    ]);
    expect(fields.map((field) => field.deps)).toEqual([
      undefined,
      undefined,
      [
        { feature: "b", fields: "all", path: ["feature", "fields", 2, "deps", 0] },
        { feature: "b", fields: ["x"], path: ["feature", "fields", 2, "deps", 1] },
        { feature: "c", fields: "all", path: ["feature", "fields", 2, "deps", 2] },
      ],
    ]);
    expect(parseFeature({ deps: ["b"], fields: [{ key: "x", deps: "all" }] }).fields[0]?.deps).toBe("all");
  });

  test("metadata stays as it is", () => {
    const metadata = { owner: "me", nested: { $ref: "nowhere.json", deps: [] }, list: [1, null] };
    expect(parseFeature({ metadata }).metadata).toEqual(metadata);
  });
});

describe("specs with errors", () => {
  const broken = { ...columns, titel: "A", feature: { key: "broken", idColumns: ["id"] } };
  const fine = { ...columns, feature: { key: "fine", idColumns: ["id"], deps: ["broken"] } };

  test("are left out, but their keys are known", () => {
    const { specs, brokenKeys, codes } = parse({ "a.feature.json": broken, "b.feature.json": fine });
    expect(specs.map(({ key }) => key)).toEqual(["fine"]);
    expect([...brokenKeys]).toEqual(["broken"]);
    expect(codes).toEqual(["unknown-keyword"]);
  });

  test("are known by their key even where they are not JSON", () => {
    const text = JSON.stringify(broken).replace('"titel":"A",', '"titel" "A",');
    const { brokenKeys, codes } = parse({ "a.feature.json": text, "b.feature.json": fine });
    expect([...brokenKeys]).toEqual(["broken"]);
    expect(codes).toEqual(["json-syntax"]);
  });

  test("report what they share once", () => {
    const shared = (key: string) => ({
      type: "object",
      properties: { id: { $ref: "types.json#/$defs/id" } },
      required: ["id"],
      feature: { key, idColumns: ["id"] },
    });
    const { codes, specs, brokenKeys } = parse({
      "a.feature.json": shared("a"),
      "b.feature.json": shared("b"),
      "types.json": { $defs: { id: { type: "string", minLength: 2, maxLength: 1 } } },
    });
    expect(codes).toEqual(["contradictory-bounds"]);
    expect(specs).toEqual([]);
    expect([...brokenKeys]).toEqual(["a", "b"]);
  });
});

describe("files", () => {
  test("other than specs are read only where a reference leads to them", () => {
    const spec = { ...columns, feature: { key: "a", idColumns: ["id"] } };
    const { codes, specs } = parse({ "a.feature.json": spec, "feature.schema.json": "{", "notes.json": "[" });
    expect(codes).toEqual([]);
    expect(specs).toHaveLength(1);
  });
});
