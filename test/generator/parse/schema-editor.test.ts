import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { getLanguageService, type LanguageService, TextDocument } from "vscode-json-languageservice";

// VS Code's own JSON support, as it runs in the editor: it finds the schema by the document's relative `$schema`.

const project = pathToFileURL("/project/schemas/video/");
const schemaText = readFileSync(
  fileURLToPath(new URL("../../../schemas/feature.schema.json", import.meta.url)),
  "utf8",
);

function editor(): LanguageService {
  const service = getLanguageService({
    workspaceContext: { resolveRelativePath: (path, resource) => new URL(path, resource).href },
    schemaRequestService: (uri) =>
      uri === "file:///project/node_modules/stemma/schemas/feature.schema.json"
        ? Promise.resolve(schemaText)
        : Promise.reject(new Error(`No schema at ${uri}`)),
  });
  service.configure({ validate: true, allowComments: false });
  return service;
}

/** A spec with a `|` where the cursor is. */
function open(text: string) {
  const offset = text.indexOf("|");
  const uri = new URL("chunk.feature.json", project).href;
  const document = TextDocument.create(uri, "json", 1, text.replace("|", ""));
  const service = editor();
  const parsed = service.parseJSONDocument(document);
  const position = document.positionAt(offset);
  return {
    complete: async () => {
      const list = await service.doComplete(document, position, parsed);
      return (list?.items ?? []).map(({ label }) => label);
    },
    hover: async () => {
      const hover = await service.doHover(document, position, parsed);
      return JSON.stringify(hover?.contents ?? "");
    },
    problems: async () => {
      const problems = await service.doValidation(document, parsed);
      return problems.map(({ message, range }) => ({ message, text: document.getText(range) }));
    },
  };
}

function spec(feature: string, properties = ""): string {
  return `{
  "$schema": "../../node_modules/stemma/schemas/feature.schema.json",
  "type": "object",
  "properties": { "id": { "type": "string" }${properties} },
  "required": ["id"],
  "feature": { "key": "video/chunk", "idColumns": ["id"]${feature} }
}`;
}

describe("completion", () => {
  test("offers the keywords of a feature that are not there yet", async () => {
    expect(await open(spec(', "|"')).complete()).toEqual(
      expect.arrayContaining(["deps", "fields", "metadata"]),
    );
    expect(await open(spec(', "|"')).complete()).not.toContain("key");
  });

  test("offers the keywords of a dep, and those of the lineage that is meant", async () => {
    expect(await open(spec(', "deps": [{ "feature": "video/raw", "|" }]')).complete()).toEqual(
      expect.arrayContaining(["select", "rename", "where", "optional", "lineage", "fieldsMapping"]),
    );
    const lineage = spec(', "deps": [{ "feature": "video/raw", "lineage": { "type": "expansion", "|" } }]');
    expect(await open(lineage).complete()).toContain("on");
  });

  test("offers values: kinds of lineage, of mapping, types, formats", async () => {
    const kinds = spec(', "deps": [{ "feature": "video/raw", "lineage": { "type": | } }]');
    expect(await open(kinds).complete()).toEqual(
      expect.arrayContaining(['"identity"', '"aggregation"', '"expansion"']),
    );
    expect(await open(spec("", ', "at": { "type": "string", "format": | }')).complete()).toEqual(
      expect.arrayContaining(['"date-time"', '"date"', '"uuid"', '"int64"']),
    );
    expect(await open(spec("", ', "at": { "type": | }')).complete()).toEqual(
      expect.arrayContaining(['"string"', '"integer"', '"boolean"']),
    );
  });
});

describe("hover", () => {
  test("explains keywords, inside `feature` and of columns", async () => {
    expect(await open(spec(', "fi|elds": ["audio"]')).hover()).toContain("each with a version of its own");
    expect(await open(spec(', "fields": [{ "key": "audio", "code|Version": "2" }]')).hover()).toContain(
      "Change it when the code that computes this field changes its result",
    );
    expect(await open(spec("", ', "at": { "type": "string", "for|mat": "date" }')).hover()).toContain(
      "TIMESTAMPTZ",
    );
  });
});

describe("validation", () => {
  test("finds nothing in a right spec", async () => {
    const right = spec(
      ', "deps": ["audio", { "feature": "video/raw", "lineage": { "type": "expansion", "on": ["video_id"] } }], "fields": ["audio", { "key": "frames", "deps": "all" }]',
      ', "lang": { "type": ["string", "null"], "enum": ["en", null] }',
    );
    expect(await open(right).problems()).toEqual([]);
  });

  test("flags a typo in a keyword where it stands", async () => {
    expect(await open(spec(', "fieldz": ["audio"]')).problems()).toEqual([
      { message: "Property fieldz is not allowed.", text: '"fieldz"' },
    ]);
    expect(await open(spec("", ', "path": { "type": "string", "minLenght": 1 }')).problems()).toEqual([
      { message: "Property minLenght is not allowed.", text: '"minLenght"' },
    ]);
  });

  test("flags a wrong key and a wrong kind of lineage", async () => {
    const [key] = await open(spec(', "fields": [{ "key": "Audio" }]')).problems();
    expect(key?.text).toBe('"Audio"');
    const [kind] = await open(
      spec(', "deps": [{ "feature": "a", "lineage": { "type": "expand" } }]'),
    ).problems();
    expect(kind?.text).toBe('"expand"');
  });
});
