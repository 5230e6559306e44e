import { lineageRules } from "./lineage-rules.ts";
import type { LinkedDep, LinkedFeature } from "./linked-feature.ts";
import type { ArrivingColumn } from "./project-model.ts";

/** A feature with what its deps bring together. */
export interface JoinedFeature extends LinkedFeature {
  readonly deps: readonly JoinedDep[];
  /** Columns on which the deps are joined; the ids for a root. */
  readonly joinColumns: readonly string[];
  /** Whether the deps have no unit in common, so that they are joined on the feature's ids. */
  readonly joinedOnOwnIds: boolean;
  /** Columns of the unit of work. */
  readonly grain: readonly string[];
}

/** A dep with the columns that increment rows carry from it. */
export interface JoinedDep extends LinkedDep {
  readonly columns: readonly ArrivingColumn[];
}

/** Joins the deps of a feature: join columns, arriving columns, unit of work. */
export function joinFeature(feature: LinkedFeature): JoinedFeature {
  const shared = sharedUnit(feature.deps);
  const own = feature.spec.idColumns;
  const joinColumns =
    shared.length === 0
      ? own
      : [...own.filter((id) => shared.includes(id)), ...shared.filter((name) => !own.includes(name))];
  const deps = feature.deps.map((dep) => ({ ...dep, columns: arrivingColumns(dep, joinColumns) }));
  return {
    ...feature,
    deps,
    joinColumns,
    joinedOnOwnIds: shared.length === 0,
    grain: grainOf(feature, deps, joinColumns),
  };
}

/** The columns that are in the unit of every dep, in the order of the first. */
function sharedUnit(deps: readonly LinkedDep[]): readonly string[] {
  const [first, ...others] = deps;
  return (first?.unit ?? []).filter((name) => others.every((dep) => dep.unit.includes(name)));
}

/** Upstream ids, `on` columns and join columns always come along, whatever `select` says. */
function arrivingColumns(dep: LinkedDep, joinColumns: readonly string[]): readonly ArrivingColumn[] {
  const arriving = [...dep.names].map(([name, source]) => ({ name, source }));
  const { select } = dep.parsed;
  if (select === undefined) return arriving;
  const kept = new Set([...select, ...dep.ids, ...dep.unit, ...joinColumns]);
  return arriving.filter(({ name }) => kept.has(name));
}

function grainOf(
  { spec }: LinkedFeature,
  deps: readonly JoinedDep[],
  joinColumns: readonly string[],
): readonly string[] {
  if (deps.length === 0) return spec.idColumns;
  if (deps.some((dep) => lineageRules[dep.lineage.type].worksByUpstream)) return joinColumns;
  const arriving = new Set(deps.flatMap((dep) => dep.columns.map(({ name }) => name)));
  return spec.idColumns.filter((id) => arriving.has(id));
}
