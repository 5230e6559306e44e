import type { Lineage } from "../../../runtime/contract.ts";
import { lineageRules } from "../../resolve/lineage-rules.ts";
import {
  type FeatureInBoth,
  type FeaturePair,
  isInBoth,
  type ProjectPair,
  pairDeps,
} from "../model/project-pair.ts";
import { depPath, featurePath, type SpecDocuments } from "../model/spec-paths.ts";
import type { Change } from "../model/version-diff.ts";
import { rules } from "../rules/rules.ts";
import { classifyChange } from "./classify-change.ts";
import { consequences } from "./consequences.ts";
import type { States } from "./dep-changes.ts";
import { featureChanges } from "./feature-changes.ts";
import type { RawChange } from "./raw-change.ts";

/**
 * The changes of every feature by key: its own edits, then the consequences of other edits. `order` lists the features of
 * the state after, upstream first; `states` is absent without a state before.
 */
export function findChanges(
  project: ProjectPair,
  order: readonly string[],
  states: States | undefined,
  specs: SpecDocuments,
): ReadonlyMap<string, readonly Change[]> {
  const changes = new Map<string, readonly Change[]>();
  // The changes of upstream features are known before those of a feature; a removed feature is upstream of none.
  for (const key of new Set([...order, ...project.features.keys()])) {
    const feature = project.features.get(key);
    if (feature === undefined || isUnaffected(feature, project, changes)) continue;
    const found = findFeatureChanges(feature, project, states, changes);
    changes.set(
      key,
      found.map((change) => classifyChange(change, key, specs)),
    );
  }
  return changes;
}

/** Whether a feature and its direct upstream features are as before, so that it has no changes. */
function isUnaffected(
  { isIdentical, after }: FeaturePair,
  project: ProjectPair,
  known: ReadonlyMap<string, readonly Change[]>,
): boolean {
  const upstream = (after?.deps ?? []).map(({ feature }) => feature);
  const isUnchanged = (key: string): boolean =>
    project.features.get(key)?.isIdentical === true && !known.get(key)?.length;
  return isIdentical && upstream.every(isUnchanged);
}

function findFeatureChanges(
  feature: FeaturePair,
  project: ProjectPair,
  states: States | undefined,
  known: ReadonlyMap<string, readonly Change[]>,
): RawChange[] {
  const { before, after } = feature;
  if (isInBoth(feature) && states !== undefined) {
    const edits = featureChanges(feature, project, states);
    return [
      ...edits,
      ...consequences(feature, states, edits, project.renames.columns),
      ...upstreamRowChanges(feature, known),
    ];
  }
  // The code version distinguishes it from the same addition or removal at another time.
  return before === undefined
    ? [{ rule: "feature-added", specPath: featurePath, discriminator: after?.codeVersion ?? "" }]
    : [{ rule: "feature-removed", specPath: featurePath, discriminator: before.codeVersion }];
}

/** The consequences of upstream features that may have other rows. `changes` are those of each upstream feature. */
function upstreamRowChanges(
  feature: FeatureInBoth,
  changes: ReadonlyMap<string, readonly Change[]>,
): RawChange[] {
  return pairDeps(feature)
    .filter(isInBoth)
    .flatMap(({ key, after }) => {
      const propagating = (changes.get(key) ?? []).filter((change) =>
        propagatesThrough(change, after.lineage),
      );
      if (propagating.length === 0) return [];
      const rulesOfEdits = propagating
        .map(({ rule }) => rule)
        .filter((rule) => rule !== "upstream-rows-changed");
      const reportedRules = new Set(rulesOfEdits);
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
  return (
    rules[rule].affectsDownstream || (rule === "id-column-order" && lineageRules[lineage.type].orderSensitive)
  );
}
