import type { Manifest, ManifestDep, ManifestFeature } from "../../manifest/manifest.ts";
import { lineageRules } from "../../resolve/lineage-rules.ts";
import { type ColumnView, viewColumn } from "./column-view.ts";

/** What follows for a feature from its deps: how they are joined, and what an increment carries. */
export interface FeatureFacts {
  /** Columns of the unit of work. */
  readonly grain: readonly string[];
  /** Columns on which the deps are joined. */
  readonly joinColumns: readonly string[];
  /** For each upstream, the join columns and the upstream's own columns behind them, as text. */
  readonly joins: ReadonlyMap<string, string>;
  /** User columns of increment rows, by name. Empty for a root: they are its own. */
  readonly inputs: ReadonlyMap<string, InputColumn>;
}

/** A column of increment rows, and the upstream that brings it. */
export interface InputColumn extends ColumnView {
  readonly upstream: string;
}

/** Works out what follows for a feature from its deps, as resolve does from specs (behaviour, §3 and §4). */
export function featureFacts(feature: ManifestFeature, manifest: Manifest): FeatureFacts {
  const deps = feature.deps.flatMap((dep) => arrive(dep, feature, manifest) ?? []);
  const joinColumns = joinColumnsOf(feature, deps);
  const inputs = inputColumns(deps, joinColumns);
  return {
    grain: grainOf(feature, deps, joinColumns, inputs),
    joinColumns,
    joins: new Map(deps.map((dep) => [dep.upstream, describeJoin(dep, joinColumns)])),
    inputs,
  };
}

/** The names by which the columns of an upstream arrive. */
export function arrivingNames({ rename = {} }: ManifestDep, upstream: ManifestFeature): Map<string, string> {
  const names = Object.keys(upstream.columns);
  return new Map(names.map((own) => [renamed(own, rename), own]));
}

/** A dep with the columns of its upstream under the names by which they arrive. */
interface ArrivingDep extends ManifestDep {
  readonly upstream: string;
  readonly names: ReadonlyMap<string, string>;
  readonly ids: readonly string[];
  /** The columns of which the dep brings one row, or one group, each. */
  readonly grain: readonly string[];
  readonly columns: ManifestFeature["columns"];
}

function arrive(dep: ManifestDep, feature: ManifestFeature, manifest: Manifest): ArrivingDep | undefined {
  const upstream = manifest.features[dep.feature];
  if (upstream === undefined) return undefined;
  const ids = upstream.idColumns.map((column) => renamed(column, dep.rename ?? {}));
  const { lineage } = dep;
  const grain = lineageRules[lineage.type].unit({
    on: "on" in lineage ? lineage.on : undefined,
    upstreamIds: ids,
    ownIds: feature.idColumns,
  });
  const names = arrivingNames(dep, upstream);
  return { ...dep, upstream: dep.feature, names, ids, grain, columns: upstream.columns };
}

function renamed(column: string, rename: Readonly<Record<string, string>>): string {
  return Object.hasOwn(rename, column) ? (rename[column] ?? column) : column;
}

function joinColumnsOf({ idColumns }: ManifestFeature, deps: readonly ArrivingDep[]): readonly string[] {
  const [first, ...others] = deps;
  const shared = (first?.grain ?? []).filter((name) =>
    others.every(({ grain: unit }) => unit.includes(name)),
  );
  if (shared.length === 0) return idColumns;
  return [
    ...idColumns.filter((id) => shared.includes(id)),
    ...shared.filter((name) => !idColumns.includes(name)),
  ];
}

function inputColumns(
  deps: readonly ArrivingDep[],
  joinColumns: readonly string[],
): ReadonlyMap<string, InputColumn> {
  const inputs = new Map<string, InputColumn>();
  for (const { upstream, names, ids, grain: unit, select, columns, optional = false } of deps) {
    const kept = select === undefined ? undefined : new Set([...select, ...ids, ...unit, ...joinColumns]);
    for (const [name, own] of names) {
      const column = columns[own];
      if (column === undefined || inputs.has(name) || kept?.has(name) === false) continue;
      const view = viewColumn(column);
      const nullable = !joinColumns.includes(name) && (view.nullable || (optional && deps.length > 1));
      inputs.set(name, { ...view, nullable, upstream });
    }
  }
  return inputs;
}

function grainOf(
  { idColumns }: ManifestFeature,
  deps: readonly ArrivingDep[],
  joinColumns: readonly string[],
  inputs: ReadonlyMap<string, InputColumn>,
): readonly string[] {
  if (deps.length === 0) return idColumns;
  if (deps.some(({ lineage }) => lineageRules[lineage.type].worksByUpstream)) return joinColumns;
  return idColumns.filter((id) => inputs.has(id));
}

function describeJoin({ names }: ArrivingDep, joinColumns: readonly string[]): string {
  const columns = joinColumns.map((name) => {
    const own = names.get(name) ?? name;
    return own === name ? name : `${own} as ${name}`;
  });
  return columns.sort().join(", ");
}
