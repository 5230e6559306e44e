import { quoteValue } from "../../diagnostics/quote-value.ts";
import type { ChangeFacts, ColumnRuleId, RulesOf } from "../model/rule.ts";
import { describeReplacement, describeStoredValues, formatColumn, formatValue } from "./format-values.ts";

/** Changes of the columns of a feature's table. They move no version: columns are not fields. */
export const columnRules: RulesOf<ColumnRuleId> = {
  "column-added": {
    severity: "info",
    recompute: "none",
    types: "additive",
    affectsDownstream: false,
    title: "A feature has a further column, which may be null.",
    message: ({ subject, to }) => `The column ${subject} is new (${formatValue(to)}).`,
    explanation:
      "Stored rows read as null there until they are written again, and code that writes rows may leave it out. To have it filled in for all rows, bump the code version of the field that it belongs to.",
  },
  "required-column-added": {
    severity: "error",
    recompute: "some",
    types: "breaking",
    affectsDownstream: false,
    title: "A feature has a further column, which is never null.",
    message: ({ subject, to }) =>
      `The column ${subject} is new and required (${formatValue(to)}). Stored rows have none, and \`read\` refuses them: write them again, or let the column be null.`,
    explanation:
      "Code that writes rows no longer compiles until it supplies the column. Rows that are stored already have no value there: `resolve` goes on, `read` and the sets refuse them with their number, or give null when asked to be lenient. No version moves, so they are not new: write them again (`staleIf` with `COLUMN IS NULL` finds them), bump the code version of the field that the column belongs to, or let the column be null.",
  },
  "column-renamed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column has another name.",
    message: ({ subject, from }) =>
      `The column ${formatValue(from)} is called ${subject} now. Stored values are read under the old name until the first write copies them.`,
    explanation:
      "`renamedFrom` beside the type of the column says so. Nothing is lost: stored values are read from the old column, and the first write, or `stemma migrate`, copies them to the new one. The old column stays until `stemma migrate --drop`. Code that reads or writes the column no longer compiles.",
  },
  "column-seems-renamed": {
    severity: "error",
    recompute: "some",
    types: "breaking",
    affectsDownstream: false,
    title: "A column went, and another one like it came.",
    message: seemsRenamed,
    explanation:
      "The only column that went and the only one that came have the same type. Stored rows have their values under the old name: under the new one they read as null, or `read` refuses them where the column is required, and a filter on it below lets none of them pass. With `renamedFrom` beside the type of the column, its values are carried over (`column-renamed`); otherwise write the rows again.",
  },
  "column-removed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column is gone.",
    message: ({ subject }) => `The column ${subject} is gone.`,
    explanation:
      "Code that reads or writes it no longer compiles. Stored values are left alone, and come back if the column does. One that has another name now is reported as `column-renamed`.",
  },
  "column-type": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column has values of another type.",
    message: describeChange,
    explanation:
      "Code that reads or writes the column no longer compiles. No version moves, and all versions share the table. What becomes of stored values, the message says: they stay where the table holds every value of the new type, the first write alters the table where each stored value stays exact, and otherwise `resolve` and `write` refuse until `stemma migrate` rewrites them or the column has another name. The type of an id column never changes by itself.",
  },
  "column-int64": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "An integer column is read as `bigint` instead of `number`, or the other way round.",
    message: describeChange,
    explanation:
      "The format `int64` gives a `bigint` in TypeScript, without it an integer is a `number` and a value beyond 2^53 an error. The table is the same: stored rows stay as they are.",
  },
  "column-format": {
    severity: "warning",
    recompute: "none",
    types: "none",
    affectsDownstream: false,
    title: "A column is stored otherwise, and has the same TypeScript type.",
    message: describeChange,
    explanation:
      "A text with a format, say `date`, is stored as another DuckDB type, and an integer as another than a number, but TypeScript sees a `string` or a `number` as before. What becomes of stored values is judged as for `column-type`; where they would be refused, it is an error.",
  },
  "column-nullable": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column may be null now.",
    message: (facts) => `The column ${formatColumn(facts)} may be null now.`,
    explanation: "Code that reads the column must expect null. Code that writes it is fine.",
  },
  "column-required": {
    severity: "error",
    recompute: "some",
    types: "breaking",
    affectsDownstream: false,
    title: "A column may no longer be null.",
    message: (facts) =>
      `The column ${formatColumn(facts)} may no longer be null. \`read\` refuses rows that are stored with null there: write them again.`,
    explanation:
      "Code that reads the column is fine. Code that writes null, or leaves it out, no longer compiles. Rows that are stored with null stay: `resolve` goes on, `read` and the sets refuse them with their number, or give null when asked to be lenient. Write them again (`staleIf` with `COLUMN IS NULL` finds them).",
  },
  "column-enum-widened": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column may have further values.",
    message: (facts) =>
      `The column ${formatColumn(facts)} may be ${oneOf(facts.to)}, where it was ${oneOf(facts.from)}.`,
    explanation:
      "Code that reads the column and handles each listed value no longer covers all. Code that writes it is fine.",
  },
  "column-enum-narrowed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column may no longer have some values.",
    message: (facts) =>
      `The column ${formatColumn(facts)} may only be ${oneOf(facts.to)}, where it was ${oneOf(facts.from)}.`,
    explanation:
      "Code that writes such a value no longer compiles, and the write is refused. Rows that are stored with it stay, and are read as they are: `diff --store` counts them.",
  },
  "column-constraint": {
    severity: "warning",
    recompute: "none",
    types: "none",
    affectsDownstream: false,
    title: "Other values of a column are accepted on write.",
    message: ({ subject, from, to, detail }) =>
      `The column ${subject} has ${constraint(detail, to)}, where it had ${constraint(detail, from)}.`,
    explanation:
      "Bounds, lengths and patterns are checked on write, and are not part of any type. Stored rows stay, and are read as they are: `diff --store` counts those that the new one refuses.",
  },
};

function describeChange(facts: ChangeFacts): string {
  return `The column ${formatColumn(facts)} ${describeReplacement(facts)}.${describeStoredValues(facts.stored)}`;
}

function seemsRenamed({ subject, from, detail }: ChangeFacts): string {
  const seems = `The column ${formatValue(from)} seems to be called ${subject} now: both are alike.`;
  const remedy = `"renamedFrom": ${quoteValue(from)} beside its type carries them over`;
  const reads = detail === "required" ? "and `read` refuses them" : "and read as null";
  return `${seems} Stored rows have no ${subject}, ${reads}: ${remedy}, or write them again.`;
}

function oneOf(list: string | undefined): string {
  return list === undefined ? "any value" : `one of ${formatValue(list)}`;
}

function constraint(keyword: string | undefined, value: string | undefined): string {
  return value === undefined ? `no ${keyword}` : `${keyword} ${formatValue(value)}`;
}
