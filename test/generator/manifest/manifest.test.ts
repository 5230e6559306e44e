import { describe, expect, it } from "vitest";
import { compileProject } from "../../../generator/compile-project.ts";
import {
  type Manifest,
  type ManifestColumn,
  parseManifest,
  printManifest,
} from "../../../generator/manifest/index.ts";
import { sampleManifest } from "../../support/sample-manifest.ts";

const options = {
  project: "sample",
  hashLength: 8,
  schemas: "schemas",
  generated: "generated",
  importExtension: ".js",
} as const;

async function compile(specs: Readonly<Record<string, object>>): Promise<Manifest> {
  const sources = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [`schemas/${name}.feature.json`, JSON.stringify(spec)]),
  );
  const { manifest, diagnostics } = await compileProject(sources, options);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(errors.map(({ file, message }) => `${file}: ${message}`)).toEqual([]);
  if (manifest === undefined) throw new Error("no manifest");
  return manifest;
}

const raw = {
  title: "RawVideo",
  type: "object",
  properties: {
    video_id: { type: "string" },
    size: { type: "integer", minimum: 1, description: "In bytes." },
    codec: { type: "string", enum: ["h264", "av1"] },
  },
  required: ["video_id", "size"],
  feature: { key: "video/raw", idColumns: ["video_id"], fields: ["frames", "audio"] },
};

const chunk = {
  type: "object",
  properties: { chunk_id: { type: "string" }, video_id: { type: "string" } },
  required: ["chunk_id", "video_id"],
  feature: {
    key: "video/chunk",
    idColumns: ["chunk_id"],
    deps: [
      {
        feature: "video/raw",
        lineage: { type: "expansion", on: ["video_id"] },
        rename: { size: "bytes" },
        select: ["bytes"],
        where: ["bytes > 10", "codec = 'av1'"],
        fieldsMapping: { type: "specific", mapping: { z: ["audio"], a: ["frames"] } },
      },
    ],
    fields: ["z", { key: "a", codeVersion: "2" }, { key: "m", deps: [{ feature: "video/raw" }] }],
  },
};

describe("the manifest of a project", () => {
  it("is printed for reviewers: sorted, a line for each field, column and dep", async () => {
    expect(`\n${printManifest(await compile({ "z/chunk": chunk, raw }))}`).toMatchInlineSnapshot(`
      "
      {
        "manifestVersion": 1,
        "project": "sample",
        "hashLength": 8,
        "projectVersion": "e5d0a4e1",
        "features": {
          "video/chunk": {
            "name": "VideoChunk",
            "spec": "schemas/z/chunk.feature.json",
            "module": "z/chunk",
            "featureVersion": "03f9830b",
            "codeVersion": "402d66ba",
            "definitionVersion": "f169b95b",
            "idColumns": ["chunk_id"],
            "deps": [
              { "feature": "video/raw", "lineage": { "type": "expansion", "on": ["video_id"] }, "select": ["bytes"], "rename": { "size": "bytes" }, "where": ["bytes > 10", "codec = 'av1'"], "fieldsMapping": { "type": "specific", "mapping": { "a": ["frames"], "z": ["audio"] } } }
            ],
            "fields": {
              "a": { "version": "5a582987", "codeVersion": "2", "parents": ["video/raw.frames"] },
              "m": { "version": "f26174e1", "codeVersion": "__metaxy_initial__", "parents": ["video/raw.audio", "video/raw.frames"], "deps": [{ "feature": "video/raw", "fields": "all" }] },
              "z": { "version": "35627f31", "codeVersion": "__metaxy_initial__", "parents": ["video/raw.audio"] }
            },
            "columns": {
              "chunk_id": "VARCHAR NOT NULL",
              "video_id": "VARCHAR NOT NULL"
            }
          },
          "video/raw": {
            "name": "RawVideo",
            "spec": "schemas/raw.feature.json",
            "module": "raw",
            "featureVersion": "b9bb54e4",
            "codeVersion": "860ca345",
            "definitionVersion": "73c059b4",
            "idColumns": ["video_id"],
            "deps": [],
            "fields": {
              "audio": { "version": "dd2fbdf2", "codeVersion": "__metaxy_initial__", "parents": [] },
              "frames": { "version": "3f6f401c", "codeVersion": "__metaxy_initial__", "parents": [] }
            },
            "columns": {
              "codec": { "type": "VARCHAR", "enum": ["h264", "av1"] },
              "size": { "type": "BIGINT NOT NULL", "minimum": 1 },
              "video_id": "VARCHAR NOT NULL"
            }
          }
        }
      }
      "
    `);
  });

  it("is read back as it was", async () => {
    const manifest = await compile({ raw, chunk });
    expect(parseManifest(printManifest(manifest))).toEqual({ ok: true, value: manifest });
    expect(printManifest(JSON.parse(printManifest(manifest)))).toBe(printManifest(manifest));
  });

  it("does not depend on the order of files, keys or fields", async () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, reversed(member)]),
      );
    };
    const straight = printManifest(await compile({ raw, chunk }));
    expect(
      printManifest(await compile({ chunk: reversed(chunk) as object, raw: reversed(raw) as object })),
    ).toBe(straight);
  });

  it("orders features by the parts of their keys", async () => {
    const feature = (key: string): object => ({
      ...raw,
      title: `F${"ab/-"
        .split("")
        .map((c) => key.split(c).length)
        .join("")}`,
      feature: { ...raw.feature, key },
    });
    const manifest = await compile({ x: feature("a-b"), y: feature("a/b"), z: feature("a") });
    const keys = [...printManifest(manifest).matchAll(/^ {4}"(.*?)"/gm)].map(([, key]) => key);
    expect(keys).toEqual(["a", "a/b", "a-b"]);
  });

  it("keeps columns whose names mean something to JavaScript", async () => {
    const properties = JSON.parse(
      '{ "constructor": { "type": "string" }, "10": { "type": "string" }, "9": { "type": "string" } }',
    );
    const manifest = await compile({
      raw: { ...raw, properties: Object.assign(properties, raw.properties) },
    });
    const text = printManifest(manifest);
    expect(text.indexOf('"10"')).toBeLessThan(text.indexOf('"9"'));
    const reading = parseManifest(text);
    expect(reading.ok && printManifest(reading.value)).toBe(text);
  });
});

describe("a column in the manifest", () => {
  async function column(schema: object, required = false): Promise<ManifestColumn | undefined> {
    const manifest = await compile({
      raw: {
        ...raw,
        properties: { video_id: { type: "string" }, column: schema },
        required: required ? ["video_id", "column"] : ["video_id"],
      },
    });
    return manifest.features["video/raw"]?.columns["column"];
  }

  it.each<[string, object, ManifestColumn]>([
    ["a text", { type: "string" }, "VARCHAR"],
    ["a date-time", { type: "string", format: "date-time" }, "TIMESTAMPTZ"],
    ["a nullable one", { type: ["integer", "null"] }, "BIGINT"],
    [
      "described only",
      { type: "number", title: "T", description: "D", default: 1, examples: [2], deprecated: true },
      "DOUBLE",
    ],
    ["a list", { type: "array", items: { type: "string", description: "D" } }, "VARCHAR[]"],
    ["an enum", { type: "string", enum: ["b", "a"] }, { type: "VARCHAR", enum: ["b", "a"] }],
    ["a const", { type: "string", const: "x" }, { type: "VARCHAR", const: "x" }],
    [
      "constraints, in one order",
      { pattern: "^a", maxLength: 3, type: "string" },
      { type: "VARCHAR", maxLength: 3, pattern: "^a" },
    ],
    [
      "length of a list",
      { type: "array", items: { type: "number" }, minItems: 2 },
      { type: "DOUBLE[]", minItems: 2 },
    ],
    [
      "items that may be null",
      { type: "array", items: { type: ["number", "null"] } },
      { type: "DOUBLE[]", items: { type: ["number", "null"] } },
    ],
    [
      "an enum of items",
      { type: "array", items: { type: "string", enum: ["a"] } },
      { type: "VARCHAR[]", items: { enum: ["a"] } },
    ],
    ["a map", { type: "object", additionalProperties: { type: "integer" } }, "MAP(VARCHAR, BIGINT)"],
    [
      "a map of constrained values",
      { type: "object", additionalProperties: { type: "integer", maximum: 9 } },
      { type: "MAP(VARCHAR, BIGINT)", additionalProperties: { maximum: 9 } },
    ],
    [
      "a struct with required members",
      {
        type: "object",
        properties: { y: { type: "number" }, x: { type: "string", minLength: 1 } },
        required: ["y", "x"],
      },
      { type: 'STRUCT("y" DOUBLE, "x" VARCHAR)', properties: { x: { minLength: 1 } }, required: ["x", "y"] },
    ],
    [
      "a mixed shape, without words about it",
      {
        anyOf: [
          { type: "string", description: "D" },
          { type: "object", properties: { title: { type: "number" } } },
        ],
      },
      {
        type: "JSON",
        schema: {
          anyOf: [{ type: "string" }, { properties: { title: { type: "number" } }, type: "object" }],
        },
      },
    ],
    [
      "mixed types",
      { type: ["string", "integer"] },
      { type: "JSON", schema: { type: ["string", "integer"] } },
    ],
  ])("%s", async (_, schema, expected) => {
    expect(await column(schema)).toEqual(expected);
  });

  it("says whether it may be null", async () => {
    expect(await column({ type: "string" }, true)).toBe("VARCHAR NOT NULL");
    expect(await column({ type: "string", enum: ["a"] }, true)).toEqual({
      type: "VARCHAR NOT NULL",
      enum: ["a"],
    });
  });
});

describe("reading a manifest", () => {
  const text = printManifest(sampleManifest({ a: { fields: { x: {} } } }));
  const read = (file: string): string => {
    const reading = parseManifest(file);
    return reading.ok
      ? "manifest"
      : `${reading.errors[0].writtenBy ?? "unreadable"}: ${reading.errors[0].message}`;
  };

  it("tells a conflict, another version, another file, a damaged one", () => {
    expect(read(text)).toBe("manifest");
    expect(read(text.replaceAll("\n", "\r\n"))).toBe("manifest");
    expect(read(text.replace("{\n", "{\n<<<<<<< HEAD\n"))).toBe(
      "unreadable: it holds an unresolved merge conflict",
    );
    expect(read(text.replace('"manifestVersion": 1', '"manifestVersion": 2'))).toBe(
      "newer tool: its manifestVersion is 2, and this version of stemma reads 1",
    );
    expect(read("{}")).toBe('unreadable: it has no "manifestVersion"');
    expect(read("")).toMatch(/^unreadable: it is not JSON/);
    expect(read(text.slice(0, -20))).toMatch(/^unreadable: it is not JSON/);
  });

  it.each([
    ["features", '"hashLength": 8, "features": []'],
    ['features["a"]', '"hashLength": 8, "features": { "a": 1 }'],
    ["hashLength", '"hashLength": "8", "features": {}'],
  ])("names what is damaged: %s", (part, members) => {
    const head = '"manifestVersion": 1, "project": "p", "projectVersion": "v"';
    expect(read(`{ ${head}, ${members} }`)).toBe(`unreadable: ${part} is missing or of the wrong type`);
  });

  it.each(["name", "idColumns", "deps", "fields", "columns"])("names what is damaged: %s", (part) => {
    const manifest = JSON.parse(text);
    manifest.features.a[part] = [1];
    expect(read(JSON.stringify(manifest))).toBe(
      `unreadable: features["a"].${part} is missing or of the wrong type`,
    );
  });

  it.each([
    "null",
    "[]",
    "1",
    '"x"',
    "{",
    '{"manifestVersion":1}',
    '{"manifestVersion":1,"features":{"a":null}}',
  ])("never throws: %s", (file) => {
    expect(read(file)).toMatch(/^unreadable: /);
  });
});
