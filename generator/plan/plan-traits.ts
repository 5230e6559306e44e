import type { Lineage, PlanTraits } from "../../runtime/contract.ts";
import { columnsOf, lineageRules } from "../resolve/lineage-rules.ts";
import type { PlanQuery } from "./plan-query.ts";

/** What the traits of a feature follow from. */
export interface TraitFacts {
  readonly idColumns: readonly string[];
  readonly grain: readonly string[];
  /** The lineage of each dep. */
  readonly lineages: readonly Lineage[];
  /** Absent for a root: its samples come from the caller. */
  readonly query?: Pick<PlanQuery, "cardinality" | "joinColumns">;
}

/** The traits of a feature: the lineage kind of each dep gives them. */
export function planTraits({ idColumns, grain, lineages, query }: TraitFacts): PlanTraits {
  const rules = lineages.map(({ type }) => lineageRules[type]);
  const workItems = new Set(rules.map(({ workItem }) => workItem));
  const isWholeId = idColumns.length === grain.length && idColumns.every((id) => grain.includes(id));
  return {
    workItem: workItems.has("group") ? "group" : workItems.has("parent") ? "parent" : "sample",
    outputs: isWholeId ? "one" : "many",
    mayBeEmpty: rules.some((rule) => rule.mayBeEmpty),
    orderSensitive: rules.some((rule) => rule.orderSensitive),
    incremental: query !== undefined && isIncremental(grain, lineages, query),
  };
}

/** Whether the join columns of newer rows tell all work items that these rows affect. */
function isIncremental(
  grain: readonly string[],
  lineages: readonly Lineage[],
  { cardinality, joinColumns }: Pick<PlanQuery, "cardinality" | "joinColumns">,
): boolean {
  return (
    cardinality !== "unchecked" &&
    joinColumns.every((column) => grain.includes(column)) &&
    lineages.every((lineage) => lineageRules[lineage.type].isLocalTo(joinColumns, columnsOf(lineage)))
  );
}
