import { type ColumnTransition, columnTransition } from "../../../runtime/columns/column-transition.ts";
import { isStoredAlike } from "../../../runtime/columns/stored-alike.ts";
import { type ColumnView, typeScriptShape } from "../model/column-view.ts";
import type { ColumnRuleId } from "../rules/rule.ts";
import { compareKeywords } from "./compare-keywords.ts";

/** A difference between two states of a column. */
export interface ColumnChange {
  readonly rule: ColumnRuleId;
  /** The part of the column that changed; absent for the column as a whole. */
  readonly detail?: string;
  readonly from?: string;
  readonly to?: string;
  /** What happens to stored values, where the type changed. */
  readonly stored?: ColumnTransition;
}

/** Compares a column that both states have. No write changes the type of an id column. */
export function compareColumns(before: ColumnView, after: ColumnView, isId = false): ColumnChange[] {
  const type = compareTypes(before, after);
  // Keywords of parts of another type are not comparable.
  const keywords = type === "column-type" ? [] : compareKeywords(before, after);
  return [
    ...(type === undefined
      ? []
      : [{ rule: type, from: before.text, to: after.text, ...storedValues(before, after, isId) }]),
    ...(before.nullable === after.nullable
      ? []
      : [{ rule: after.nullable ? ("column-nullable" as const) : ("column-required" as const) }]),
    ...keywords,
  ];
}

function storedValues(
  { type: from }: ColumnView,
  { type: to }: ColumnView,
  isId: boolean,
): Pick<ColumnChange, "stored"> {
  return from === undefined || to === undefined ? {} : { stored: columnTransition(from, to, { isId }) };
}

function compareTypes(before: ColumnView, after: ColumnView): ColumnRuleId | undefined {
  if (before.text === after.text) return undefined;
  if (before.type === undefined || after.type === undefined) return "column-type";
  if (typeScriptShape(before.type) === typeScriptShape(after.type)) return "column-format";
  return isStoredAlike(before.type, after.type) ? "column-int64" : "column-type";
}
