import type { DerivedPlan, EngineName, PlanSql } from "../contract.ts";

/** The SQL of a plan in the dialect of an engine. A module without it is refused before, see `assertContract`. */
export function planSql({ sql }: Pick<DerivedPlan, "sql">, engine: EngineName): PlanSql {
  const printed = sql[engine];
  if (printed === undefined) throw new Error(`A plan without SQL for ${engine}`);
  return printed;
}
