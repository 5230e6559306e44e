import type { Manifest, ManifestDep, ManifestFeature } from "../../manifest/manifest.ts";
import {
  arrivingColumns,
  arrivingName,
  type JoinableDep,
  joinDeps,
  joinedColumns,
} from "../../resolve/join-deps.ts";
import { lineageRules } from "../../resolve/lineage-rules.ts";
import { type ColumnView, viewColumn } from "./column-view.ts";

/** What follows for a feature from its deps: how they are joined, and what an increment carries. */
export interface FeatureFacts {
  /** Key columns of a work item. */
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

/** What follows for a feature of a manifest from its deps. */
export function featureFacts(feature: ManifestFeature, manifest: Manifest): FeatureFacts {
  const deps = feature.deps.flatMap((dep) => arrivingDep(dep, feature, manifest) ?? []);
  const { joinColumns, grain, columns } = joinDeps(feature.idColumns, deps);
  const arriving = deps.map((dep, index) => ({
    optional: dep.optional,
    columns: [...(columns[index] ?? [])].map(([name, own]) => [name, viewOf(dep.upstream, own)] as const),
  }));
  const inputs = joinedColumns(arriving, joinColumns).map(
    ({ name, column, nullable, dep }) =>
      [name, { ...column, nullable, upstream: deps[dep]?.key ?? "" }] as const,
  );
  return {
    grain,
    joinColumns,
    joins: new Map(deps.map(({ key, names }) => [key, describeJoin(names, joinColumns)])),
    inputs: new Map(inputs),
  };
}

/** The upstream's own columns by the names by which they arrive. */
export function arrivingNames({ rename = {} }: ManifestDep, upstream: ManifestFeature): Map<string, string> {
  return arrivingColumns(
    Object.keys(upstream.columns).map((own) => [own, own]),
    rename,
  );
}

/** A dep with its upstream. */
interface ArrivingDep extends JoinableDep<string> {
  readonly key: string;
  readonly upstream: ManifestFeature;
}

function arrivingDep(
  dep: ManifestDep,
  feature: ManifestFeature,
  manifest: Manifest,
): ArrivingDep | undefined {
  const upstream = manifest.features[dep.feature];
  if (upstream === undefined) return undefined;
  const { lineage, optional = false, rename = {}, select } = dep;
  const ids = upstream.idColumns.map((column) => arrivingName(column, rename));
  const on = "on" in lineage ? lineage.on : undefined;
  return {
    key: dep.feature,
    upstream,
    lineage,
    optional,
    ...(select === undefined ? {} : { select }),
    names: arrivingNames(dep, upstream),
    ids,
    grain: lineageRules[lineage.type].grain({ on, upstreamIds: ids, ownIds: feature.idColumns }),
  };
}

function viewOf({ columns }: ManifestFeature, name: string): ColumnView {
  return viewColumn(columns[name] ?? "JSON");
}

function describeJoin(names: ReadonlyMap<string, string>, joinColumns: readonly string[]): string {
  const columns = joinColumns.map((name) => {
    const own = names.get(name) ?? name;
    return own === name ? name : `${own} as ${name}`;
  });
  return columns.sort().join(", ");
}
