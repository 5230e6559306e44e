import { describe, expect, test } from "vitest";
import type { SourceSpan } from "../../../generator/diagnostics/location.ts";
import { splitLines } from "../../../generator/diagnostics/source-lines.ts";
import { readSources } from "../../../generator/source/index.ts";
import type { JsonPath } from "../../../generator/source/json-document.ts";
import { readJsonDocument } from "../../../generator/source/read-json-document.ts";
import { readReference } from "../../../generator/source/reference.ts";

function documentOf(text: string) {
  const { document } = readJsonDocument("a.json", text);
  if (document === undefined) throw new Error("Not JSON");
  return document;
}

/** The text at a place. */
function textAt(text: string, { line, column, length }: SourceSpan): string {
  return splitLines(text)[line - 1]?.slice(column - 1, column - 1 + length) ?? "";
}

function codesOf(text: string): string[] {
  return readJsonDocument("a.json", text).diagnostics.map(({ code }) => code);
}

describe("places", () => {
  const text = '{\n  "a": [1, {"b": "x"}],\n\t"é😀": { "c": null,\n "d": true }\n}';

  test.each<[JsonPath, string, string]>([
    [["a"], '[1, {"b": "x"}]', '"a"'],
    [["a", 0], "1", "1"],
    [["a", 1, "b"], '"x"', '"b"'],
    [["é😀", "c"], "null", '"c"'],
    [["é😀"], '{ "c": null,', '"é😀"'],
    [["a", 1, "missing"], '{"b": "x"}', '{"b": "x"}'],
    [["a", 7, "b"], '[1, {"b": "x"}]', '[1, {"b": "x"}]'],
    [[], "{", "{"],
  ])("of %j", (path, value, name) => {
    const document = documentOf(text);
    expect(textAt(text, document.locate(path))).toBe(value);
    expect(textAt(text, document.locateKey(path))).toBe(name);
  });

  test("count lines of any kind, and columns in UTF-16 units, without a byte order mark", () => {
    const lines = '\uFEFF{ "😀": 1,\r\n "b": 2,\r "c":\n 3 }';
    const document = documentOf(lines);
    const placeOf = (name: string) => {
      const { line, column } = document.locate([name]);
      return [line, column];
    };
    expect(placeOf("😀")).toEqual([1, 9]);
    expect(placeOf("b")).toEqual([2, 7]);
    expect(placeOf("c")).toEqual([4, 2]);
  });
});

describe("values", () => {
  test("are plain, whatever the names", () => {
    const { value } = documentOf('{ "__proto__": { "a": 1 }, "constructor": [], "": null }');
    expect(Object.keys(value as object)).toEqual(["__proto__", "constructor", ""]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test("of names that stand twice are the last, and each further one is reported", () => {
    const text = '{ "a": 1, "a": 2, "b": { "a": 3 }, "a": 4 }';
    const { document, diagnostics } = readJsonDocument("a.json", text);
    expect(document?.value).toEqual({ a: 4, b: { a: 3 } });
    expect(diagnostics.map((found) => [found.code, found.column])).toEqual([
      ["json-duplicate-key", 11],
      ["json-duplicate-key", 36],
    ]);
  });

  test.each([
    ["9007199254740992", []],
    ["9007199254740993", ["json-number"]],
    ["-9007199254740993", ["json-number"]],
    ["12345678901234567890", ["json-number"]],
    ["1e15", []],
    ["0.1000000000000000055", []],
    ["1e400", ["json-number"]],
    ["-0", []],
  ])("the number %s is kept or reported", (number, codes) => {
    expect(codesOf(`[${number}]`)).toEqual(codes);
  });

  test.each([
    ['"\\ud83c\\udfa7"', []],
    ['"🎧"', []],
    ['"\\ud83c"', ["json-lone-surrogate"]],
    ['"\\udfa7\\ud83c"', ["json-lone-surrogate"]],
    ['{ "\\ud83c": 1 }', ["json-lone-surrogate"]],
  ])("%s: halves of surrogate pairs are reported", (text, codes) => {
    expect(codesOf(text)).toEqual(codes);
  });

  test("a half is underlined where it stands, also behind escapes", () => {
    const text = String.raw`["\n\\\u0041\ud83c\udfa7\ud83c!"]`;
    const [found] = readJsonDocument("a.json", text).diagnostics;
    expect(found && textAt(text, found)).toBe(String.raw`\ud83c`);
    expect(found?.column).toBe(text.lastIndexOf(String.raw`\ud83c`) + 1);
  });
});

describe("limits", () => {
  test("a text that is too long is not read", () => {
    expect(codesOf(`"${"x".repeat(1_000_000)}"`)).toEqual(["json-too-large"]);
  });

  test("values that are nested too deep are not read", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(codesOf(nested(100))).toEqual([]);
    expect(codesOf(nested(101))).toEqual(["json-too-deep"]);
    expect(codesOf(`{"a":${"[".repeat(500_000)}`)).toEqual(["json-too-deep"]);
    expect(codesOf(JSON.stringify("[".repeat(500)))).toEqual([]);
  });

  test("thousands of problems in a file are all found", () => {
    expect(codesOf(`{${'"a":1,'.repeat(100_000)}"a":1}`)).toHaveLength(100_000);
  });
});

describe("references", () => {
  test.each([
    ["#/$defs/a", "schemas/x/a.json", ["$defs", "a"]],
    ["b.json", "schemas/x/b.json", []],
    ["./b.json#", "schemas/x/b.json", []],
    ["../b.json#/a~1b~0c", "schemas/b.json", ["a/b~c"]],
    ["../../../shared/b.json#/%25%20", "../shared/b.json", ["% "]],
    ["my%20types.json#//", "schemas/x/my types.json", ["", ""]],
  ])("%s", (ref, file, path) => {
    expect(readReference(ref, "schemas/x/a.json")).toEqual({ kind: "local", file, path });
  });

  test.each([
    ["https://example.com/a.json", "remote"],
    ["//example.com/a.json", "remote"],
    ["urn:a", "remote"],
    ["/a.json", "absolute"],
    ["#a", "anchor"],
    ["", "malformed"],
    ["#/%", "malformed"],
    ["a#b#c", "malformed"],
  ])("%s is not followed: %s", (ref, reason) => {
    expect(readReference(ref, "a.json")).toEqual({ kind: "unsupported", reason });
  });

  test("lead on from file to file, in circles too; other files are not read", () => {
    const { documents, unreadable, diagnostics } = readSources({
      "schemas/a.feature.json": '{ "x": { "$ref": "b.json#/y" }, "feature": { "$ref": "broken.json" } }',
      "schemas/b.json": '[{ "$ref": "sub/c.json" }, { "$ref": "missing.json" }]',
      "schemas/sub/c.json": '{ "$ref": "../b.json", "d": { "$ref": "d.json" } }',
      "schemas/sub/d.json": "{",
      "schemas/broken.json": "{",
      __proto__: "{}",
    });
    expect([...documents.keys()]).toEqual(["schemas/a.feature.json", "schemas/b.json", "schemas/sub/c.json"]);
    expect([...unreadable.keys()]).toEqual(["schemas/sub/d.json"]);
    expect(diagnostics.map(({ file }) => file)).toEqual(["schemas/sub/d.json"]);
  });
});
