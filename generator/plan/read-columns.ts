import { printFilter } from "../../runtime/filter/index.ts";
import type { DepModel } from "../resolve/project-model.ts";

/** The columns of an upstream, in its own names, that a dep's filters or its select read; undefined where all are. */
export function readColumns(dep: DepModel): string[] | undefined {
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
  const columns = dep.feature.spec.columns.map(({ name }) => name);
  return columns.every((name) => read.has(name)) ? undefined : columns.filter((name) => read.has(name));
}
