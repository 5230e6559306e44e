import { type ColumnView, typeScriptShape } from "../column-view.ts";
import type { ColumnRuleId } from "../rule.ts";
import { compareKeywords } from "./compare-keywords.ts";

/** How a column differs from what it was. */
export interface ColumnChange {
  readonly rule: ColumnRuleId;
  /** The part of the column that changed; absent for the column as a whole. */
  readonly detail?: string;
  readonly from?: string;
  readonly to?: string;
}

/** How a column that both states have differs. */
export function compareColumns(before: ColumnView, after: ColumnView): ColumnChange[] {
  const type = compareTypes(before, after);
  // What is said of the parts of another type is not to be compared.
  const keywords = type === "column-type" ? [] : compareKeywords(before, after);
  return [
    ...(type === undefined ? [] : [{ rule: type, from: before.text, to: after.text }]),
    ...(before.nullable === after.nullable
      ? []
      : [{ rule: after.nullable ? ("column-nullable" as const) : ("column-required" as const) }]),
    ...keywords,
  ];
}

function compareTypes(before: ColumnView, after: ColumnView): ColumnRuleId | undefined {
  if (before.text === after.text) return undefined;
  if (before.type === undefined || after.type === undefined) return "column-type";
  if (typeScriptShape(before.type) === typeScriptShape(after.type)) return "column-format";
  return storedAs(before) === storedAs(after) ? "column-int64" : "column-type";
}

/** `INT64` is another name of `BIGINT`; member names are quoted, so no name is taken for it. */
function storedAs({ text }: ColumnView): string {
  return text.replace(/"(?:[^"]|"")*"|INT64/g, (token) => (token === "INT64" ? "BIGINT" : token));
}
