import type { ChangeFacts, ColumnRuleId, RulesOf } from "../rule.ts";
import { changeOf, partOf, shown } from "./words.ts";

/** Changes of the columns of a feature's table. They move no version: columns are not fields. */
export const columnRules: RulesOf<ColumnRuleId> = {
  "column-added": {
    severity: "info",
    recompute: "none",
    types: "additive",
    ripples: false,
    title: "A feature has a further column, which may be null.",
    message: ({ subject, to }) => `The column ${subject} is new (${shown(to)}).`,
    explanation:
      "Stored rows read as null there until they are written again, and code that writes rows may leave it out. To have it filled in for all rows, bump the code version of the field that it belongs to.",
  },
  "required-column-added": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    ripples: false,
    title: "A feature has a further column, which is never null.",
    message: ({ subject, to }) => `The column ${subject} is new and required (${shown(to)}).`,
    explanation:
      "Code that writes rows no longer compiles until it supplies the column. Rows that are stored already have no value there, whatever the type says: no version moves, so bump the code version of the field that the column belongs to, or let the column be null.",
  },
  "column-removed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    ripples: false,
    title: "A column is gone.",
    message: ({ subject }) => `The column ${subject} is gone.`,
    explanation:
      "Code that reads or writes it no longer compiles. Stored values are left alone. A column under another name is another column: renaming one is removing it and adding one.",
  },
  "column-type": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    ripples: false,
    title: "A column has values of another type.",
    message: changed,
    explanation:
      "Code that reads or writes the column no longer compiles. No version moves, so stored rows are not recomputed, and the table may hold the old type: bump the code version of the field that the column belongs to.",
  },
  "column-int64": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    ripples: false,
    title: "An integer column is read as `bigint` instead of `number`, or the other way round.",
    message: changed,
    explanation:
      "The format `int64` gives a `bigint` in TypeScript, without it an integer is a `number` and a value beyond 2^53 an error. The table is the same: stored rows stay as they are.",
  },
  "column-format": {
    severity: "warning",
    recompute: "none",
    types: "none",
    ripples: false,
    title: "A column is stored otherwise, and has the same TypeScript type.",
    message: changed,
    explanation:
      "A text with a format, say `date`, is stored as another DuckDB type, and an integer as another than a number, but TypeScript sees a `string` or a `number` as before. The table may hold the old type, and values that do not fit the new one are refused on write.",
  },
  "column-nullable": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    ripples: false,
    title: "A column may be null now.",
    message: (facts) => `The column ${partOf(facts)} may be null now.`,
    explanation: "Code that reads the column must expect null. Code that writes it is fine.",
  },
  "column-required": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    ripples: false,
    title: "A column may no longer be null.",
    message: (facts) => `The column ${partOf(facts)} may no longer be null.`,
    explanation:
      "Code that reads the column is fine. Code that writes null, or leaves it out, no longer compiles. Rows that are stored with null stay, whatever the type says.",
  },
  "column-enum-widened": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    ripples: false,
    title: "A column may have further values.",
    message: (facts) =>
      `The column ${partOf(facts)} may be ${oneOf(facts.to)}, where it was ${oneOf(facts.from)}.`,
    explanation:
      "Code that reads the column and handles each listed value no longer covers all. Code that writes it is fine.",
  },
  "column-enum-narrowed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    ripples: false,
    title: "A column may no longer have some values.",
    message: (facts) =>
      `The column ${partOf(facts)} may only be ${oneOf(facts.to)}, where it was ${oneOf(facts.from)}.`,
    explanation:
      "Code that writes such a value no longer compiles, and the write is refused. Rows that are stored with it stay.",
  },
  "column-constraint": {
    severity: "warning",
    recompute: "none",
    types: "none",
    ripples: false,
    title: "Other values of a column are accepted on write.",
    message: ({ subject, from, to, detail }) =>
      `The column ${subject} has ${constraint(detail, to)}, where it had ${constraint(detail, from)}.`,
    explanation:
      "Bounds, lengths and patterns are checked on write, and are not part of any type. Stored rows are not checked again.",
  },
};

function changed(facts: ChangeFacts): string {
  return `The column ${partOf(facts)} ${changeOf(facts)}.`;
}

function oneOf(list: string | undefined): string {
  return list === undefined ? "any value" : `one of ${shown(list)}`;
}

function constraint(keyword: string | undefined, value: string | undefined): string {
  return value === undefined ? `no ${keyword}` : `${keyword} ${shown(value)}`;
}
