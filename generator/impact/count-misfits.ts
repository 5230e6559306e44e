import { declaredType, parsedColumns } from "../../runtime/columns/parsed-columns.ts";
import { brokenSql, type LocatedCheck, typedValue } from "../../runtime/dialect/check-sql.ts";
import { locatedCheck } from "../../runtime/dialect/located-check.ts";
import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import type { ValueDialect } from "../../runtime/dialect/value-dialect.ts";
import { readableTable } from "../../runtime/engine/tables/feature-tables.ts";
import { currentRows } from "../../runtime/engine/tables/relation.ts";
import { isStemmaError } from "../../runtime/errors.ts";
import type { AnyFeature } from "../../runtime/feature.ts";
import type { Misfit } from "../diff/model/version-diff.ts";
import type { SimulatedFeature } from "./simulated-feature.ts";
import type { SimulationCatalog } from "./simulation-catalog.ts";

/** Counts the stored rows of the current version that lack a required value or break a constraint of the spec. */
export async function countMisfits(catalog: SimulationCatalog, feature: AnyFeature): Promise<Misfit[]> {
  return catalog.within(feature, async (session) => {
    const rules = rulesOf(session.dialect.values, feature);
    if (rules.length === 0) return [];
    const { idColumns, columns } = feature.spec;
    const { featureVersion } = feature;
    const stored = await readableTable(session, feature, { featureVersion, idColumns });
    if (stored === undefined) return [];
    const checkedColumns = new Set(rules.map(({ column }) => column));
    const rows = currentRows(session.dialect, {
      table: stored.table,
      idColumns,
      featureVersion,
      columns: Object.fromEntries(Object.entries(columns).filter(([name]) => checkedColumns.has(name))),
      members: [],
      filters: [],
    });
    const counts = rules.map(
      ({ condition }, index) => `${session.dialect.countIf(condition)} AS misfit_${index}`,
    );
    try {
      const [found] = await session.rows(`SELECT ${counts.join(", ")} FROM (${rows})`);
      return rules.flatMap(({ column, rule }, index) => {
        const count = Number(found?.[`misfit_${index}`] ?? 0);
        return count === 0 ? [] : [{ column, rule, rows: count }];
      });
    } catch (error) {
      // Stored values that are not of the declared type are reported where they are read.
      if (isStemmaError(error) && error.code !== "cancelled") return [];
      throw error;
    }
  });
}

interface ColumnRule {
  readonly column: string;
  readonly rule: string;
  /** SQL that is true for a row that breaks the rule. */
  readonly condition: string;
}

function rulesOf(values: ValueDialect, { spec, plan }: AnyFeature): ColumnRule[] {
  const required = [...parsedColumns(spec.columns)]
    .filter(([column, { nullable }]) => !nullable && !spec.idColumns.includes(column))
    .map(([column]) => ({ column, rule: "required", condition: `${quoteIdentifier(column)} IS NULL` }));
  const checks = new Map<
    string,
    { readonly column: string; readonly rule: string; readonly located: LocatedCheck[] }
  >();
  for (const check of plan.checks ?? []) {
    const [column] = check.at;
    const rule = JSON.stringify([column, check.keyword]);
    const known = checks.get(rule) ?? { column, rule: check.keyword, located: [] };
    known.located.push(locatedCheck(values, check, declaredType(spec.columns, column)));
    checks.set(rule, known);
  }
  const checked = [...checks.values()].map(({ column, rule, located }) => {
    const type = declaredType(spec.columns, column);
    const broken = brokenSql(values, typedValue(values, quoteIdentifier(column), type), located, "stemma_");
    return { column, rule, condition: `coalesce(${broken}, false)` };
  });
  return [...required, ...checked];
}

/** Whether stored rows lack a value in a column that is required now and that downstream features read: such rows are written again. */
export function lacksColumns({ retainedColumns }: SimulatedFeature, misfits: readonly Misfit[]): boolean {
  return misfits.some(({ column, rule }) => rule === "required" && retainedColumns.includes(column));
}
