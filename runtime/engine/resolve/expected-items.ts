import type { DerivedPlan, Plan, PlanSql } from "../../contract.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";

/** SQL of work items and their provenance, from lineage inputs. `further` columns are carried along. */
export function expectedItems(
  dialect: Dialect,
  plan: DerivedPlan,
  { provenance }: Pick<PlanSql, "provenance">,
  inputs: string,
  further: readonly string[] = [],
): string {
  const grain = plan.grain.map(quoteIdentifier);
  const present = grain.map((column) => `${column} IS NOT NULL`).join(" AND ");
  const counted = plan.cardinality === "one" ? "1" : `"stemma_row_count"`;
  const { values } = dialect;
  const ambiguous = plan.cardinality === "unchecked" ? `"stemma_conflict"` : "false";
  return withSampleHash(
    dialect,
    plan.fieldMembers,
    `SELECT ${[...grain, ...further.map(quoteIdentifier)].join(", ")}, ${values.cast(counted, values.scalars.BIGINT.type)} AS stemma_row_count,
       ${ambiguous} AS stemma_conflict, ${values.struct(Object.entries(provenance))} AS metaxy_provenance_by_field
     FROM (${inputs}) WHERE ${present}`,
  );
}

/** Adds `metaxy_provenance`: the hash over the fields' provenance, ordered by struct member (docs/semantics.md, section 3). */
export function withSampleHash(dialect: Dialect, members: Plan["fieldMembers"], items: string): string {
  return `SELECT *, ${sampleHash(dialect, members, "metaxy_provenance_by_field")} AS metaxy_provenance FROM (${items})`;
}

/** SQL of the hash over a by-field struct. */
export function sampleHash(dialect: Dialect, members: Plan["fieldMembers"], byField: string): string {
  const values = Object.keys(members).map((member) => dialect.values.member(byField, member));
  return dialect.sampleHash(`concat(${values.join(", '|', ")})`);
}
