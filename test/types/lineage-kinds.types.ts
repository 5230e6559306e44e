import { type LineageRules, lineageRules } from "../../generator/resolve/lineage-rules.ts";
import type { Lineage, PlanTraits } from "../../runtime/contract.ts";

/** The rules of all kinds of lineage and one more. */
type WithWindow = { readonly [kind in Lineage["type"] | "window"]: LineageRules };

// @ts-expect-error A further kind has to answer for itself: without its own record nothing compiles.
export const withoutAnswers: WithWindow = lineageRules;

export const withAnswers: WithWindow = {
  ...lineageRules,
  // @ts-expect-error It can't count as incremental by saying nothing: `isLocalTo` has to be answered, as every trait.
  window: {
    grain: ({ upstreamIds }) => upstreamIds,
    withGrain: () => ({ type: "identity" }),
    workItem: "sample",
    inputs: "rows",
    mayBeEmpty: false,
    orderSensitive: true,
    check: () => [],
  },
};

// @ts-expect-error A plan carries all traits.
export const traits: PlanTraits = {
  workItem: "sample",
  outputs: "one",
  mayBeEmpty: false,
  orderSensitive: false,
};
