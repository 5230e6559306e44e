import type { Lineage } from "../../../runtime/contract.ts";
import { isKept, type KeptFeature, pairDeps } from "../project-pair.ts";
import { rules } from "../rules.ts";
import { depPart } from "../spec-places.ts";
import type { Change } from "../version-diff.ts";
import type { FoundChange } from "./found-change.ts";

/** What follows for a feature where features above it may have other rows. `changes` are those of each feature above. */
export function rippleChanges(
  feature: KeptFeature,
  changes: ReadonlyMap<string, readonly Change[]>,
): FoundChange[] {
  return pairDeps(feature)
    .filter(isKept)
    .flatMap(({ key, after }) => {
      const reaching = (changes.get(key) ?? []).filter((change) => reaches(change, after.lineage));
      const told = new Set(reaching.map(({ rule }) => rule).filter((rule) => rule !== "upstream-rows"));
      if (reaching.length === 0) return [];
      return [
        {
          rule: "upstream-rows" as const,
          subject: key,
          ...(told.size === 0 ? {} : { detail: [...told].join(", ") }),
          evidence: reaching.map(({ fingerprint }) => fingerprint).join(" "),
          part: depPart(key),
        },
      ];
    });
}

function reaches({ rule }: Change, lineage: Lineage): boolean {
  return rules[rule].ripples || (rule === "id-column-order" && takesRowsInOrder[lineage.type]);
}

/** Whether the order of the upstream's ids decides the provenance below. */
const takesRowsInOrder: Readonly<Record<Lineage["type"], boolean>> = {
  identity: false,
  aggregation: true,
  expansion: false,
};
