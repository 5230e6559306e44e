import type { FeatureModel, ProjectModel } from "../resolve/project-model.ts";
import { filterColumns } from "./permissive-filter.ts";

/**
 * The columns of each feature that decide what comes of its rows below: ids and grain, what deps are joined, grouped
 * and filtered by, and what reaches such a column further down by being passed on.
 */
export function neededColumns({ features }: ProjectModel): ReadonlyMap<FeatureModel, ReadonlySet<string>> {
  const needed = new Map(
    features.map((feature) => [
      feature,
      new Set([...feature.idColumns.map((column) => column.name), ...feature.grain]),
    ]),
  );
  for (const feature of [...features].reverse()) {
    const own = [...(needed.get(feature) ?? []), ...feature.joinColumns];
    for (const { feature: upstream, names, lineage, where } of feature.deps) {
      const groups = lineage.type === "aggregation" ? lineage.on : [];
      for (const name of [...own, ...groups, ...where.flatMap(filterColumns)]) {
        const column = names.get(name);
        if (column !== undefined) needed.get(upstream)?.add(column.name);
      }
    }
  }
  return needed;
}
