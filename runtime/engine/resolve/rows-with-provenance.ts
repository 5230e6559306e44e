import type { DerivedPlan } from "../../contract.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { expectedItems } from "./expected-items.ts";

/**
 * SQL of the rows of a plan together with their provenance: what joining `rows` with the grains would give.
 *
 * Where one row stands for each grain, `inputs` and `rows` often select from the very same relation; then one pass
 * gives both, and joining millions of rows with themselves is spared. Undefined where they don't.
 */
export function rowsWithProvenance(plan: DerivedPlan): string | undefined {
  const inputs = parts(plan.lineageInputs);
  const rows = parts(plan.inputRows);
  if (plan.cardinality !== "one" || inputs === undefined || inputs.from !== rows?.from) return undefined;
  const names = Object.keys(plan.inputColumns).filter((column) => !plan.grain.includes(column));
  // An input of the same name would hide the row's column.
  if (names.some((column) => inputs.select.includes(` AS ${quoteIdentifier(column)}`))) return undefined;
  return expectedItems(plan, `SELECT ${inputs.select}, ${rows.select}\n${inputs.from}`, names);
}

/** A query that selects from some relation, split where that begins. */
function parts(sql: string): { readonly select: string; readonly from: string } | undefined {
  const [, list, from] = /^SELECT (?!DISTINCT)([\s\S]*?)\n(FROM [\s\S]*)$/.exec(sql) ?? [];
  return list === undefined || from === undefined ? undefined : { select: list, from };
}
