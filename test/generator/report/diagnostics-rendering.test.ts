import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  createDiagnostic,
  type Diagnostic,
  sortDiagnostics,
} from "../../../generator/diagnostics/diagnostic.ts";
import { displayWidth } from "../../../generator/report/display-text.ts";
import { renderDiagnosticsGithub } from "../../../generator/report/github/workflow-command.ts";
import { renderDiagnosticsJson } from "../../../generator/report/json/render-json.ts";
import { codeFrame, renderDiagnosticsText } from "../../../generator/report/text/render-diagnostics.ts";

// Read once, when the colours are loaded.
vi.hoisted(() => vi.stubEnv("FORCE_COLOR", "1"));

const file = "schemas/a.feature.json";

function duplicateAt(line: number, column: number, name = "a", at = file): Diagnostic {
  return createDiagnostic(
    "json-duplicate-key",
    { file: at, line, column, length: name.length + 2 },
    { name },
  );
}

const warning = createDiagnostic(
  "enum-without-null",
  { file: "schemas/b.feature.json", line: 1, column: 1, length: 1 },
  {},
);

describe("text", () => {
  const sources = { [file]: '\uFEFF{ "a": 1,\r\n\t"a": 2 }' };

  test("has the place, the rule, the line with carets, and the hint; then the count", () => {
    expect(renderDiagnosticsText([duplicateAt(2, 2), warning], sources, { color: false })).toBe(
      `schemas/a.feature.json:2:2: error: The property "a" is declared twice in one object. [json-duplicate-key]
2 |  "a": 2 }
  |  ^^^
  = Remove one of the two: JSON readers keep only the last.

schemas/b.feature.json:1:1: warning: The "type" allows null, but the "enum" does not list it. [enum-without-null]
  = Add null to the "enum", or remove "null" from the "type"; the column is nullable.

1 error, 1 warning in 2 files
`,
    );
  });

  test("shows the first hundred, and counts all", () => {
    const many = Array.from({ length: 250 }, (_, index) => duplicateAt(index + 1, 1));
    const text = renderDiagnosticsText(many, sources, { color: false });
    expect(text.match(/declared twice/g)).toHaveLength(100);
    expect(text).toMatch(/\nOnly the first 100 of 250: 250 errors in 1 file\n$/);
    expect(
      renderDiagnosticsText(many, sources, { color: false, limit: 3 }).match(/declared twice/g),
    ).toHaveLength(3);
  });

  test("counts one thing as one", () => {
    expect(renderDiagnosticsText([warning, warning], {}, { color: false })).toMatch(
      /\n2 warnings in 1 file\n$/,
    );
    expect(renderDiagnosticsText([], {}, { color: false })).toBe("no errors\n");
  });

  test("shows no character that would move the cursor or turn the direction of writing", () => {
    const name = "\u001b[2J\u202e\u0007";
    const text = renderDiagnosticsText(
      [duplicateAt(1, 3, name)],
      { [file]: `{ "${name}": 1 }` },
      { color: false },
    );
    for (const hidden of ["\u001b", "\u202e", "\u0007"]) expect(text).not.toContain(hidden);
    expect(text).toContain("\\u001b[2J\\u202e\\u0007");
  });

  test("without colour is the text with colour, without its codes", () => {
    const colored = renderDiagnosticsText([duplicateAt(2, 2), warning], sources, { color: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes
    const plain = colored.replace(/\u001b\[\d+m/g, "");
    expect(plain).not.toBe(colored);
    expect(plain).toBe(renderDiagnosticsText([duplicateAt(2, 2), warning], sources, { color: false }));
  });
});

describe("code frames", () => {
  const frameOf = (line: string, column: number, length: number, width = 80) => {
    const { source, carets } = codeFrame(line, { file, line: 1, column, length }, width);
    return `${source}\n${carets}`;
  };

  test("put carets under wide and combined characters", () => {
    expect(frameOf('{"音声": 1}', 2, 4)).toBe('{"音声": 1}\n ^^^^^^');
    expect(frameOf('"🎧👨‍👩‍👧é": x', 14, 1)).toBe('"🎧👨‍👩‍👧é": x\n       ^');
    expect(frameOf("\t\tx", 3, 1)).toBe("  x\n  ^");
  });

  test("point behind the end of a line", () => {
    expect(frameOf("ab", 3, 1)).toBe("ab\n  ^");
    expect(frameOf("", 1, 1)).toBe("\n^");
  });

  test("cut long lines around the place", () => {
    const line = `${"a".repeat(500)}"key"${"b".repeat(500)}`;
    expect(frameOf(line, 501, 5, 30)).toBe(`…aaaaaaaaaa"key"bbbbbbbbbbbbbbb…\n           ^^^^^`);
    expect(frameOf(line, 1, 1005, 20)).toBe(`aaaaaaaaaaaaaaaaaaaa…\n^^^^^^^^^^^^^^^^^^^^`);
  });

  test("keep carets below the place, and lines within the width", () => {
    const text = fc.string({ maxLength: 200, unit: "grapheme-ascii" });
    fc.assert(
      fc.property(text, fc.nat(210), fc.integer({ min: 1, max: 300 }), (line, offset, length) => {
        const column = Math.min(offset, line.length) + 1;
        const { source, carets } = codeFrame(line, { file, line: 1, column, length }, 60);
        expect(displayWidth(source)).toBeLessThanOrEqual(62);
        expect(carets.trimStart()).toMatch(/^\^+$/);
        const marked = source.slice(carets.indexOf("^"), carets.length);
        expect(line.slice(column - 1, column - 1 + length).startsWith(marked.replace("…", ""))).toBe(true);
      }),
    );
  });
});

test("plain text is as wide as any text", () => {
  const text = fc.string({ unit: fc.constantFrom(..."aZ09 ~#*·…←→") });
  // What takes no cell makes a text one that is not plain.
  fc.assert(fc.property(text, (plain) => displayWidth(plain) === displayWidth(`${plain}\u200b`)));
});

describe("annotations of GitHub", () => {
  test("escape what has a meaning of its own", () => {
    const odd = duplicateAt(3, 4, "50%\r\n::error::", "schemas/a,b:c.feature.json");
    expect(renderDiagnosticsGithub([odd])).toBe(
      "::error file=schemas/a%2Cb%3Ac.feature.json,line=3,col=4,endColumn=20,title=json-duplicate-key::" +
        'The property "50%25%0D%0A::error::" is declared twice in one object.%0A' +
        "Remove one of the two: JSON readers keep only the last.\n",
    );
  });
});

test("JSON has everything", () => {
  const [found] = JSON.parse(renderDiagnosticsJson([duplicateAt(3, 4)]));
  expect(found).toEqual({
    code: "json-duplicate-key",
    severity: "error",
    message: 'The property "a" is declared twice in one object.',
    hint: "Remove one of the two: JSON readers keep only the last.",
    file,
    line: 3,
    column: 4,
    length: 3,
    facts: { name: "a" },
  });
});

test("diagnostics are ordered by file, place and code", () => {
  const all = [
    duplicateAt(10, 1),
    duplicateAt(2, 9),
    duplicateAt(2, 10),
    duplicateAt(1, 1, "a", "schemas/Z.json"),
  ];
  const places = sortDiagnostics(all).map(({ file: at, line, column }) => `${at}:${line}:${column}`);
  expect(places).toEqual(["schemas/Z.json:1:1", `${file}:2:9`, `${file}:2:10`, `${file}:10:1`]);
});
