import { quoteValue } from "../../diagnostics/quote-value.ts";
import { describeReplacement, describeStoredValues, formatColumn, formatValue } from "./format-values.ts";
import type { ChangeFacts, ColumnRuleId, RulesOf } from "./rule.ts";

/** Changes of the columns of a feature's table. They move no version: columns are not fields. */
export const columnRules: RulesOf<ColumnRuleId> = {
  "column-added": {
    severity: "info",
    recompute: "none",
    types: "additive",
    affectsDownstream: false,
    title: "A nullable column was added.",
    message: ({ subject, to }) => `The column ${subject} was added (${formatValue(to)}).`,
    explanation:
      "Stored rows read as null there until they are written again, and code that writes rows may omit it. To fill it for all rows, change the code version of the field that it belongs to.",
  },
  "required-column-added": {
    severity: "error",
    recompute: "some",
    types: "breaking",
    affectsDownstream: false,
    title: "A required column was added.",
    message: ({ subject, to }) =>
      `The required column ${subject} was added (${formatValue(to)}). Stored rows lack it, and \`read\` refuses them: write them again, or make the column nullable.`,
    explanation:
      "Code that writes rows no longer compiles until it supplies the column. Stored rows have no value there: `resolve` still works, `read` and the sets refuse such rows with their number, or return null with `lenient`. No version moves, so the rows are not new: write them again (`staleIf` with `COLUMN IS NULL` finds them), change the code version of the field that the column belongs to, or make the column nullable.",
  },
  "column-renamed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column was renamed.",
    message: ({ subject, from }) =>
      `The column ${formatValue(from)} was renamed to ${subject}. Stored values are read under the old name until the first write copies them.`,
    explanation:
      "`renamedFrom` next to the type of the column declares it. Nothing is lost: stored values are read from the old column, and the first write, or `stemma migrate`, copies them to the new one. The old column stays until `stemma migrate --drop`. Code that reads or writes the column no longer compiles.",
  },
  "column-seems-renamed": {
    severity: "error",
    recompute: "some",
    types: "breaking",
    affectsDownstream: false,
    title: "A column was removed, and another one of the same type was added.",
    message: describeGuessedRename,
    explanation:
      "The only removed column and the only added one have the same type. Stored rows have their values under the old name: under the new one they read as null, or `read` refuses them where the column is required, and a downstream filter on it excludes all of them. With `renamedFrom` next to the type of the column, its values are kept (`column-renamed`); otherwise write the rows again.",
  },
  "column-removed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column was removed.",
    message: ({ subject }) => `The column ${subject} was removed.`,
    explanation:
      "Code that reads or writes it no longer compiles. Stored values are kept, and return with the column. A renamed column is reported as `column-renamed`.",
  },
  "column-type": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column has another type.",
    message: describeChange,
    explanation:
      "Code that reads or writes the column no longer compiles. No version moves, and all versions share the table. The message says what happens to stored values: they stay where the table holds every value of the new type; the first write alters the table where each stored value stays exact; otherwise `resolve` and `write` fail until `stemma migrate` rewrites them or the column has another name. No write changes the type of an id column.",
  },
  "column-int64": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "An integer column is read as `bigint` instead of `number`, or vice versa.",
    message: describeChange,
    explanation:
      "With the format `int64` a column is a `bigint` in TypeScript; without it an integer is a `number`, and a value beyond 2^53 an error. The table is the same: stored rows stay as they are.",
  },
  "column-format": {
    severity: "warning",
    recompute: "none",
    types: "none",
    affectsDownstream: false,
    title: "A column is stored as another type, and has the same TypeScript type.",
    message: describeChange,
    explanation:
      "A string with a format such as `date` is stored as another DuckDB type, and an integer as another type than a number, but TypeScript still sees a `string` or a `number`. Stored values are checked as for `column-type`; where they would be refused, the change is an error.",
  },
  "column-nullable": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column became nullable.",
    message: (facts) => `The column ${formatColumn(facts)} may be null now.`,
    explanation: "Code that reads the column must expect null. Code that writes it still compiles.",
  },
  "column-required": {
    severity: "error",
    recompute: "some",
    types: "breaking",
    affectsDownstream: false,
    title: "A column is no longer nullable.",
    message: (facts) =>
      `The column ${formatColumn(facts)} may no longer be null. \`read\` refuses stored rows with null there: write them again.`,
    explanation:
      "Code that reads the column still compiles. Code that writes null, or omits the column, does not. Rows stored with null stay: `resolve` still works, `read` and the sets refuse such rows with their number, or return null with `lenient`. Write them again (`staleIf` with `COLUMN IS NULL` finds them).",
  },
  "column-enum-widened": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column allows further values.",
    message: (facts) =>
      `The column ${formatColumn(facts)} allows ${describeAllowed(facts.to)} instead of ${describeAllowed(facts.from)}.`,
    explanation:
      "Code that reads the column and handles each listed value no longer handles all of them. Code that writes it still compiles.",
  },
  "column-enum-narrowed": {
    severity: "error",
    recompute: "none",
    types: "breaking",
    affectsDownstream: false,
    title: "A column allows fewer values.",
    message: (facts) =>
      `The column ${formatColumn(facts)} allows only ${describeAllowed(facts.to)} instead of ${describeAllowed(facts.from)}.`,
    explanation:
      "Code that writes an excluded value no longer compiles, and the write fails. Rows stored with it stay, and are read as they are: `diff --store` counts them.",
  },
  "column-constraint": {
    severity: "warning",
    recompute: "none",
    types: "none",
    affectsDownstream: false,
    title: "A constraint on written values changed.",
    message: ({ subject, from, to, detail }) =>
      `The column ${subject} has ${describeConstraint(detail, to)} instead of ${describeConstraint(detail, from)}.`,
    explanation:
      "Bounds, lengths and patterns are checked on write, and belong to no type. Stored rows stay, and are read as they are: `diff --store` counts those that break the new constraint.",
  },
};

function describeChange(facts: ChangeFacts): string {
  return `The column ${formatColumn(facts)} ${describeReplacement(facts)}.${describeStoredValues(facts.stored)}`;
}

function describeGuessedRename({ subject, from, detail }: ChangeFacts): string {
  const rename = `The column ${formatValue(from)} seems to be renamed to ${subject}: both have the same type.`;
  const reads = detail === "required" ? "and `read` refuses them" : "and read as null";
  const remedy = `"renamedFrom": ${quoteValue(from)} next to its type keeps their values`;
  return `${rename} Stored rows lack ${subject}, ${reads}: ${remedy}, or write them again.`;
}

function describeAllowed(list: string | undefined): string {
  return list === undefined ? "any value" : `one of ${formatValue(list)}`;
}

function describeConstraint(keyword: string | undefined, value: string | undefined): string {
  return value === undefined ? `no ${keyword}` : `${keyword} ${formatValue(value)}`;
}
