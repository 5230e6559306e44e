import type { DerivedPlan, Plan } from "../../contract.ts";
import { quoteName } from "../../sql-text.ts";

/** SQL of grains and their provenance, from the inputs that a plan gives. `further` columns are carried along. */
export function expectedGrains(plan: DerivedPlan, inputs: string, further: readonly string[] = []): string {
  const grain = plan.grain.map(quoteName);
  const present = grain.map((column) => `${column} IS NOT NULL`).join(" AND ");
  const byField = Object.entries(plan.provenance).map(([member, sql]) => `${quoteName(member)} := ${sql}`);
  const counted = plan.rowsPerGrain === "one" ? "1" : `"stemma_rows"`;
  const ambiguous = plan.rowsPerGrain === "unproven" ? `"stemma_ambiguous"` : "false";
  return withSampleHash(
    plan.members,
    `SELECT ${[...grain, ...further.map(quoteName)].join(", ")}, ${counted}::BIGINT AS stemma_rows,
       ${ambiguous} AS stemma_ambiguous, struct_pack(${byField.join(", ")}) AS metaxy_provenance_by_field
     FROM (${inputs}) WHERE ${present}`,
  );
}

/** Adds `metaxy_provenance`: the hash over the fields' provenance, ordered by struct member (behaviour, section 3). */
export function withSampleHash(members: Plan["members"], grains: string): string {
  return `SELECT *, ${sampleHash(members, "metaxy_provenance_by_field")} AS metaxy_provenance FROM (${grains})`;
}

/** SQL of the hash over a by-field struct. */
export function sampleHash(members: Plan["members"], byField: string): string {
  const values = Object.keys(members).map((member) => `${byField}.${quoteName(member)}`);
  return `sample_hash(concat(${values.join(", '|', ")}))`;
}
