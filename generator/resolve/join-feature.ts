import { type DepJoin, joinDeps } from "./join-deps.ts";
import type { LinkedDep, LinkedFeature } from "./linked-feature.ts";
import type { ArrivingColumn } from "./project-model.ts";

/** A feature with what its deps bring together. */
export interface JoinedFeature extends LinkedFeature, Omit<DepJoin<never>, "columns"> {
  readonly deps: readonly JoinedDep[];
}

/** A dep with the columns that increment rows carry from it. */
export interface JoinedDep extends LinkedDep {
  readonly columns: readonly ArrivingColumn[];
}

/** Joins the deps of a feature: join columns, arriving columns, grain. */
export function joinFeature(feature: LinkedFeature): JoinedFeature {
  const { columns, ...join } = joinDeps(
    feature.spec.idColumns,
    feature.deps.map(({ parsed: { select, optional }, ...dep }) => ({
      ...dep,
      optional,
      ...(select === undefined ? {} : { select }),
    })),
  );
  const deps = feature.deps.map((dep, index) => ({
    ...dep,
    columns: [...(columns[index] ?? [])].map(([name, source]) => ({ name, source })),
  }));
  return { ...feature, ...join, deps };
}
