import type { DerivedPlan, Plan, PlanSql } from "../../contract.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";

/** SQL of work items and their provenance, from lineage inputs. `further` columns are carried along. */
export function expectedItems(
  plan: DerivedPlan,
  { provenance }: Pick<PlanSql, "provenance">,
  inputs: string,
  further: readonly string[] = [],
): string {
  const grain = plan.grain.map(quoteIdentifier);
  const present = grain.map((column) => `${column} IS NOT NULL`).join(" AND ");
  const byField = Object.entries(provenance).map(([member, sql]) => `${quoteIdentifier(member)} := ${sql}`);
  const counted = plan.cardinality === "one" ? "1" : `"stemma_row_count"`;
  const ambiguous = plan.cardinality === "unchecked" ? `"stemma_conflict"` : "false";
  return withSampleHash(
    plan.fieldMembers,
    `SELECT ${[...grain, ...further.map(quoteIdentifier)].join(", ")}, ${counted}::BIGINT AS stemma_row_count,
       ${ambiguous} AS stemma_conflict, struct_pack(${byField.join(", ")}) AS metaxy_provenance_by_field
     FROM (${inputs}) WHERE ${present}`,
  );
}

/** Adds `metaxy_provenance`: the hash over the fields' provenance, ordered by struct member (behaviour, section 3). */
export function withSampleHash(members: Plan["fieldMembers"], items: string): string {
  return `SELECT *, ${sampleHash(members, "metaxy_provenance_by_field")} AS metaxy_provenance FROM (${items})`;
}

/** SQL of the hash over a by-field struct. */
export function sampleHash(members: Plan["fieldMembers"], byField: string): string {
  const values = Object.keys(members).map((member) => `${byField}.${quoteIdentifier(member)}`);
  return `stemma_hash(concat(${values.join(", '|', ")}))`;
}
