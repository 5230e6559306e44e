import { declaredType, parsedColumns } from "../../columns/parsed-columns.ts";
import { brokenSql, type LocatedCheck, typedValue } from "../../dialect/check-sql.ts";
import { locatedCheck, refusesNull } from "../../dialect/located-check.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { RequiredValue, RowTable } from "./row-table.ts";

/** The columns among `names` that no row may lack. Ids are never null: rows without one are left aside. */
export function requiredNames(
  columns: { readonly [column: string]: string },
  ids: readonly string[],
  names: readonly string[],
): readonly string[] {
  const declared = parsedColumns(columns);
  return names.filter((name) => declared.get(name)?.nullable === false && !ids.includes(name));
}

/** The values of columns that no row may lack. */
export function requiredColumns(...args: Parameters<typeof requiredNames>): RequiredValue[] {
  return requiredNames(...args).map((name) => ({ name, isMissing: `${quoteIdentifier(name)} IS NULL` }));
}

/** The values inside columns that no row may lack: members of objects, items of lists, values of maps. */
export function requiredInside(
  values: ValueDialect,
  { plan, spec }: AnyFeature,
  names: readonly string[],
): RequiredValue[] {
  const located = new Map<string, LocatedCheck[]>();
  for (const check of plan.checks ?? []) {
    const [column, ...steps] = check.at;
    if (steps.length === 0 || !refusesNull(check) || !names.includes(column)) continue;
    const isPresent = locatedCheck(values, check, declaredType(spec.columns, column));
    located.set(column, [...(located.get(column) ?? []), isPresent]);
  }
  return [...located].map(([name, checks]) => {
    const type = declaredType(spec.columns, name);
    const isMissing = brokenSql(values, typedValue(values, quoteIdentifier(name), type), checks, "stemma_");
    return { name: `values in ${name}`, isMissing };
  });
}

/** Refuses rows that lack what their type requires: they were written before it did. */
export function assertNoneMissing({ missing = [] }: RowTable, feature: string): void {
  const [first] = missing;
  if (first === undefined) return;
  const columns = missing.map(({ name }) => name);
  const rows = Math.max(...missing.map((value) => value.rows));
  throw new StoreError(
    "missing-required",
    `${rows} stored ${rows === 1 ? "row" : "rows"} of ${feature} ${rows === 1 ? "lacks" : "lack"} ${columns.join(", ")}, which the spec requires now: they were written before it did. To read them with null there, pass { lenient: true }; to mend them, write them again.`,
    { feature, columns, rows },
  );
}
