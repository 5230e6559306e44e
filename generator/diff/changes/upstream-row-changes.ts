import type { Lineage } from "../../../runtime/contract.ts";
import { type FeatureInBoth, isInBoth, pairDeps } from "../model/project-pair.ts";
import { depPath } from "../model/spec-paths.ts";
import type { Change } from "../model/version-diff.ts";
import { rules } from "../rules.ts";
import type { RawChange } from "./raw-change.ts";

/** What follows for a feature where features above it may have other rows. `changes` are those of each feature above. */
export function upstreamRowChanges(
  feature: FeatureInBoth,
  changes: ReadonlyMap<string, readonly Change[]>,
): RawChange[] {
  return pairDeps(feature)
    .filter(isInBoth)
    .flatMap(({ key, after }) => {
      const propagating = (changes.get(key) ?? []).filter((change) =>
        propagatesThrough(change, after.lineage),
      );
      const reportedRules = new Set(
        propagating.map(({ rule }) => rule).filter((rule) => rule !== "upstream-rows-changed"),
      );
      if (propagating.length === 0) return [];
      return [
        {
          rule: "upstream-rows-changed" as const,
          subject: key,
          ...(reportedRules.size === 0 ? {} : { detail: [...reportedRules].join(", ") }),
          discriminator: propagating.map(({ fingerprint }) => fingerprint).join(" "),
          specPath: depPath(key),
        },
      ];
    });
}

function propagatesThrough({ rule }: Change, lineage: Lineage): boolean {
  return rules[rule].affectsDownstream || (rule === "id-column-order" && isOrderSensitive[lineage.type]);
}

/** Whether the order of the upstream's ids decides the provenance below. */
const isOrderSensitive: Readonly<Record<Lineage["type"], boolean>> = {
  identity: false,
  aggregation: true,
  expansion: false,
};
