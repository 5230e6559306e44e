import { printFilter } from "../../runtime/filter/index.ts";
import type { DepModel } from "../resolve/project-model.ts";

/**
 * The required columns of an upstream, in its own names, that a dep's filters or its select read: where older rows lack
 * one of them, the upstream has to run first. Ids are left out, since rows without them do not count at all.
 */
export function requiredReads(dep: DepModel): string[] {
  const { idColumns, spec } = dep.feature;
  const read = new Set(dep.columns.map(({ source }) => source.name));
  for (const filter of dep.where) {
    printFilter(filter, {
      column: ([name]) => {
        read.add(dep.names.get(name)?.name ?? name);
        return name;
      },
      literal: ({ text }) => text,
    });
  }
  return spec.columns
    .filter(({ name, nullable }) => read.has(name) && !nullable && !idColumns.some((id) => id.name === name))
    .map(({ name }) => name);
}
