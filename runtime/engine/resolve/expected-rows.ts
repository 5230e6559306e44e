import type { DerivedPlan, PlanSql } from "../../contract.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { planSql } from "../plan-sql.ts";
import { expectedItems, withSampleHash } from "./expected-items.ts";

/** The expected side of a comparison, and the rows that an increment carries, as SQL. */
export interface ExpectedRows {
  /** Common table expressions that both queries below rest on: name → SQL. */
  readonly ctes: ReadonlyMap<string, string>;
  /** One row per grain: the grain, `stemma_row_count`, `stemma_conflict`, and the provenance columns. */
  readonly items: string;
  /** The rows of the increment: the grain columns, other user columns, and data versions where they were supplied. */
  readonly rows: string;
  /** The rows together with `metaxy_provenance_by_field` and `metaxy_provenance`, where one pass can give both. */
  readonly singlePass: string | undefined;
  /** User columns of `rows`, in order. */
  readonly columns: readonly string[];
  /** Whether `rows` has a `metaxy_data_version_by_field` of the caller's own. */
  readonly ownDataVersions: boolean;
}

/** The plan of a derived feature. Refuses a root: the caller passes its samples. */
export function derivedPlan(feature: AnyFeature): DerivedPlan {
  const { plan } = feature;
  if (plan.kind === "derived") return plan;
  const ids = feature.spec.idColumns.join(", ");
  throw new InputError(
    "samples-required",
    `${feature.key} is a root: it has no upstream to derive its samples from. Pass { samples } with ${ids} and metaxy_provenance_by_field (one text per field).`,
    { feature: feature.key },
  );
}

/** Expected rows as the plan of a derived feature gives them. */
export function expectedFromPlan(
  dialect: Dialect,
  plan: DerivedPlan,
  upstream: ReadonlyMap<string, string>,
): ExpectedRows {
  const sql = planSql(plan, dialect.name);
  return {
    ctes: upstream,
    items: expectedItems(dialect, plan, sql, sql.lineageInputs),
    rows: sql.inputRows,
    singlePass: rowsWithProvenance(dialect, plan, sql),
    columns: Object.keys(plan.inputColumns),
    ownDataVersions: false,
  };
}

/** Expected rows as the caller gives them: samples of a root, or in place of the upstream features. */
export function expectedFromSamples(
  dialect: Dialect,
  feature: AnyFeature,
  samples: string,
  filters: readonly string[],
): ExpectedRows {
  const columns = Object.keys(feature.spec.columns);
  const where = filters.length === 0 ? "" : ` WHERE ${filters.map((filter) => `(${filter})`).join(" AND ")}`;
  const grain = feature.plan.grain.map(quoteIdentifier);
  return {
    ctes: new Map([["stemma_samples", `SELECT * FROM (${samples})${where}`]]),
    items: withSampleHash(
      dialect,
      feature.plan.fieldMembers,
      `SELECT ${grain.join(", ")}, ${dialect.values.cast("1", dialect.values.scalars.BIGINT.type)} AS stemma_row_count, false AS stemma_conflict, metaxy_provenance_by_field
       FROM stemma_samples`,
    ),
    rows: `SELECT ${[...columns.map(quoteIdentifier), "metaxy_data_version_by_field"].join(", ")} FROM stemma_samples`,
    singlePass: undefined,
    columns,
    ownDataVersions: true,
  };
}

/** SQL of the rows of a plan together with their provenance, where one pass gives both. */
function rowsWithProvenance(dialect: Dialect, plan: DerivedPlan, sql: PlanSql): string | undefined {
  if (!plan.singlePass) return undefined;
  const columns = Object.keys(plan.inputColumns).filter((column) => !plan.grain.includes(column));
  return expectedItems(dialect, plan, sql, sql.inputRows, columns);
}
