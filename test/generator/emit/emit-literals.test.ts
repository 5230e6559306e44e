import fc from "fast-check";
import { expect, test } from "vitest";
import { docComment } from "../../../generator/emit/doc-comment.ts";
import { printName, printSql, printString, quoted } from "../../../generator/emit/print-string.ts";
import { printValue, SqlText } from "../../../generator/emit/print-value.ts";
import { quoteIdentifier, quoteLiteral } from "../../../runtime/dialect/sql-text.ts";

/** What printed source means. */
function evaluate(source: string): unknown {
  return new Function(`"use strict"; return (${source});`)();
}

/** Texts in which printing could go wrong, half a surrogate pair among them. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(..."{}\"'`\\$*/\n\r\tE u0xa\0\u2028\u2029\u202e", "\ud800", "\udc00"),
    maxLength: 12,
  }),
);

test("a string means what was printed, whatever is in it", () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(evaluate(printString(value))).toBe(value);
      expect(evaluate(quoted(value))).toBe(value);
    }),
    { numRuns: 500 },
  );
});

test("a printed string is one line of characters that can be seen and stored", () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(printString(value)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
    { numRuns: 500 },
  );
});

test("data means what was printed, at any width", () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      text,
      fc.integer(),
      fc.boolean(),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.oneof(text, fc.constantFrom("__proto__", "constructor", "a", "1")), tie("value"), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  }));
  fc.assert(
    fc.property(value, fc.nat(3), (data, spread) => {
      expect(evaluate(printValue(data as object, spread))).toEqual(data);
    }),
    { numRuns: 300 },
  );
});

test("a name that sets the prototype is kept as a name", () => {
  const data = JSON.parse('{ "__proto__": "x" }') as object;
  expect(printValue(data, 0)).toBe('{ ["__proto__"]: "x" }');
});

test("what fits stays on one line, what does not is spread", () => {
  const short = { idColumns: ["a", "b"], deps: [], "a b": { x: 1 } };
  expect(printValue(short, 0)).toBe('{ idColumns: ["a", "b"], deps: [], "a b": { x: 1 } }');
  expect(printValue({ of: short }, 2)).toBe(
    ["{", "  of: {", '    idColumns: ["a", "b"],', "    deps: [],", '    "a b": { x: 1 },', "  },", "}"].join(
      "\n",
    ),
  );
  const wide = { names: ["x".repeat(60), "y".repeat(60)] };
  expect(printValue(wide, 0)).toBe(
    ["{", "  names: [", `    "${"x".repeat(60)}",`, `    "${"y".repeat(60)}",`, "  ],", "}"].join("\n"),
  );
});

test("a line is as long as the limit, and no longer", () => {
  const line = (length: number) => printValue({ a: "x".repeat(length) }, 0);
  expect(line(100)).toHaveLength(109);
  expect(line(101)).toContain("\n");
});

test("lines of SQL are indented, and quoted texts in it are kept", () => {
  fc.assert(
    fc.property(text, text, text, (name, string, other) => {
      const lines = [
        `SELECT a.${quoteIdentifier(name)},`,
        `       ${quoteLiteral(string)}`,
        `FROM ${quoteIdentifier(other)}`,
      ];
      const printed = evaluate(printSql(lines.join("\n"), "    "));
      expect(printed).toBe(lines.map((line) => `\n    ${line}`).join(""));
    }),
    { numRuns: 1000 },
  );
});

test("SQL looks like SQL", () => {
  const value = printValue(
    { rows: new SqlText('SELECT a."x"\nFROM "t" AS a'), check: '"x" > 0', like: "'`'" },
    1,
  );
  expect(value).toBe(
    [
      "{",
      "  rows: `",
      '    SELECT a."x"',
      '    FROM "t" AS a`,',
      '  check: `"x" > 0`,',
      `  like: "'\`'",`,
      "}",
    ].join("\n"),
  );
});

test("names are quoted only where they must be", () => {
  expect(["id", "$a_1", "a-b", "1", "", "ü", 'a"b', "a\nb"].map(printName)).toEqual([
    "id",
    "$a_1",
    '"a-b"',
    '"1"',
    '""',
    '"ü"',
    '"a\\"b"',
    '"a\\nb"',
  ]);
});

test("a comment ends where it should, whatever it says", () => {
  fc.assert(
    fc.property(text, fc.boolean(), (value, deprecated) => {
      expect(evaluate(`${docComment(value, deprecated).join("\n")} 1`)).toBe(1);
    }),
    { numRuns: 1000 },
  );
});

test.each<[string | undefined, boolean, string[]]>([
  [undefined, false, []],
  ["  \n ", false, []],
  ["One line.", false, ["/** One line. */"]],
  ["  Trimmed.  \n", false, ["/** Trimmed. */"]],
  ["Two\r\nlines, */", false, ["/**", " * Two", " * lines, *\\/", " */"]],
  ["A\n\nB", false, ["/**", " * A", " *", " * B", " */"]],
  [undefined, true, ["/** @deprecated */"]],
  ["Old.", true, ["/**", " * Old.", " * @deprecated", " */"]],
])("the comment of %j, deprecated: %s", (value, deprecated, lines) => {
  expect(docComment(value, deprecated)).toEqual(lines);
});
