import { StoreError } from "../../errors.ts";
import type { RowTable } from "./row-table.ts";

/** The columns among `names` that no row may lack. Ids are never null: rows without one are left aside. */
export function requiredOf(
  columns: { readonly [column: string]: string },
  ids: readonly string[],
  names: readonly string[],
): readonly string[] {
  return names.filter((name) => columns[name]?.endsWith(" NOT NULL") && !ids.includes(name));
}

/** Refuses rows that lack what their type requires: they were written before it did. */
export function assertNoneMissing({ missing = [] }: RowTable, feature: string, cure: string): void {
  const [first] = missing;
  if (first === undefined) return;
  const columns = missing.map(({ column }) => column);
  const rows = Math.max(...missing.map((values) => values.rows));
  throw new StoreError(
    "missing-required",
    `${rows} stored ${rows === 1 ? "row" : "rows"} of ${feature} ${rows === 1 ? "lacks" : "lack"} ${columns.join(", ")}, which the spec requires now: they were written before it did. To read them with null there, pass { lenient: true }; to mend them, ${cure}.`,
    { feature, columns, rows },
  );
}
