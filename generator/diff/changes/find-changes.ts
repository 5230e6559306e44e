import { type FeaturePair, isInBoth, type ProjectPair } from "../model/project-pair.ts";
import { featurePath, type SpecDocuments } from "../model/spec-paths.ts";
import type { Change } from "../model/version-diff.ts";
import { classifyChange } from "./classify-change.ts";
import { consequences } from "./consequences.ts";
import type { States } from "./dep-changes.ts";
import { featureChanges } from "./feature-changes.ts";
import type { RawChange } from "./raw-change.ts";
import { upstreamRowChanges } from "./upstream-row-changes.ts";

/**
 * The changes of every feature by its key: its own edits, then what follows for it from others. `order` has the
 * features that there are, upstream first; `states` is absent where there is no state before.
 */
export function findChanges(
  project: ProjectPair,
  order: readonly string[],
  states: States | undefined,
  specs: SpecDocuments,
): ReadonlyMap<string, readonly Change[]> {
  const changes = new Map<string, readonly Change[]>();
  // Those of the features above are known when a feature is looked at; removed ones are above nothing.
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

/** Whether a feature and those right above it are as they were, so that there is nothing to find. */
function isUnaffected(
  { isIdentical, after }: FeaturePair,
  project: ProjectPair,
  known: ReadonlyMap<string, readonly Change[]>,
): boolean {
  const upstream = (after?.deps ?? []).map(({ feature }) => feature);
  return (
    isIdentical && upstream.every((key) => project.features.get(key)?.isIdentical && !known.get(key)?.length)
  );
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
  // Its code version tells it from the same coming or going at another time.
  return before === undefined
    ? [{ rule: "feature-added", specPath: featurePath, discriminator: after?.codeVersion ?? "" }]
    : [{ rule: "feature-removed", specPath: featurePath, discriminator: before.codeVersion }];
}
