import type { FeaturePair, FieldPair, ProjectPair } from "./project-pair.ts";
import type { PrunedBranch } from "./version-diff.ts";

/** The branches above a feature on which fields moved, came or went, but none that it reads. */
export function findPruned(feature: FeaturePair, project: ProjectPair): PrunedBranch[] {
  const { before, after } = feature;
  if (before === undefined || after === undefined) return [];
  const parents = new Set(Object.values(after.fields).flatMap((field) => field.parents));
  return after.deps.flatMap(({ feature: upstream }) => {
    const fields = project.features.get(upstream)?.fields ?? [];
    const moved = fields.filter(hasChanged);
    const reads = fields.filter(({ fullName }) => parents.has(fullName));
    if (moved.length === 0 || reads.some(hasChanged)) return [];
    return [{ upstream, moved: moved.map(({ key }) => key), reads: reads.map(({ key }) => key) }];
  });
}

function hasChanged({ before, after }: FieldPair): boolean {
  return before?.version !== after?.version;
}
