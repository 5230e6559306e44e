import type { ManifestFeature } from "../manifest/manifest.ts";
import type { FeaturePair, FieldPair, ProjectPair } from "./model/project-pair.ts";
import type { PrunedBranch } from "./model/version-diff.ts";

/** The branches above a feature on which fields moved, came or went, but none that it reads. */
export function findPruned(feature: FeaturePair, project: ProjectPair): PrunedBranch[] {
  const { before, after } = feature;
  if (before === undefined || after === undefined) return [];
  const changed = after.deps.filter(({ feature }) => project.features.get(feature)?.isIdentical === false);
  if (changed.length === 0) return [];
  const [readBefore, readAfter] = [before, after].map(parentsOf);
  return changed.flatMap(({ feature: upstream }) => {
    const fields = project.features.get(upstream)?.fields ?? [];
    const moved = fields.filter(hasChanged);
    const reads = fields.filter(({ fullName }) => readAfter?.has(fullName));
    const isReached = moved.some(({ fullName }) => readBefore?.has(fullName) || readAfter?.has(fullName));
    if (moved.length === 0 || isReached) return [];
    return [{ upstream, moved: moved.map(({ key }) => key), reads: reads.map(({ key }) => key) }];
  });
}

function parentsOf({ fields }: ManifestFeature): ReadonlySet<string> {
  return new Set(Object.values(fields).flatMap(({ parents }) => parents));
}

function hasChanged({ before, after }: FieldPair): boolean {
  return before?.version !== after?.version;
}
