import type { Manifest, ManifestDep, ManifestFeature } from "../manifest/manifest.ts";
import { viewColumn } from "./model/column-view.ts";
import { arrivingNames } from "./model/feature-facts.ts";
import { normalizeFilter } from "./model/filters.ts";
import { isSame } from "./model/is-same.ts";
import type { FeaturePair } from "./model/project-pair.ts";
import type { Revert } from "./model/version-diff.ts";

/** An earlier state of the project. */
export interface HistoryEntry {
  /** A commit or a tag. */
  readonly ref: string;
  readonly manifest: Manifest;
  /** Whether it is newer than the base. */
  readonly isSinceBase?: boolean;
}

/**
 * The latest earlier state in which a feature had its new version, with rows that count now: it and its upstream features
 * had the same ids, lineage, filters and required columns. `history`: latest first.
 *
 * The latest states since the base with the new version are the edit itself, committed, and not a revert.
 */
export function findRevert(
  { key, before, after }: FeaturePair,
  history: readonly HistoryEntry[],
  now: Manifest,
): Revert | undefined {
  if (after === undefined || before?.featureVersion === after.featureVersion) return undefined;
  const hasVersion = ({ manifest }: HistoryEntry): boolean =>
    manifest.features[key]?.featureVersion === after.featureVersion;
  const firstUnedited = history.findIndex((state) => !(state.isSinceBase && hasVersion(state)));
  if (firstUnedited === -1) return undefined;
  const entry = history
    .slice(firstUnedited)
    .find((state) => hasVersion(state) && hasSameRows(key, state.manifest, now));
  return entry === undefined ? undefined : { ref: entry.ref };
}

/** Whether a feature and all its upstream features have the same rows in both states. */
function hasSameRows(key: string, then: Manifest, now: Manifest): boolean {
  const visited = new Set([key]);
  // Iterating a set also visits what is added meanwhile.
  for (const name of visited) {
    const [was, is] = [then.features[name], now.features[name]];
    if (was === undefined || is === undefined || !isSameTable(was, is)) return false;
    if (!isSame(depsIn(was, then), depsIn(is, now))) return false;
    for (const { feature } of is.deps) visited.add(feature);
  }
  return true;
}

/** Whether rows of one state fit the table of another: same ids and types, and no required column missing. */
function isSameTable(was: ManifestFeature, is: ManifestFeature): boolean {
  if (!isSame(was.idColumns, is.idColumns)) return false;
  return Object.entries(is.columns).every(([name, column]) => {
    const now = viewColumn(column);
    const old = was.columns[name];
    if (old === undefined) return now.nullable;
    const then = viewColumn(old);
    return then.text === now.text && (now.nullable || !then.nullable);
  });
}

function depsIn({ deps }: ManifestFeature, { features }: Manifest): unknown {
  return deps.map((dep) => [dep.feature, dep.lineage, dep.optional === true, filterOf(dep, features)]);
}

function filterOf(dep: ManifestDep, features: Manifest["features"]): string {
  const upstream = features[dep.feature];
  return normalizeFilter(dep.where ?? [], upstream === undefined ? new Map() : arrivingNames(dep, upstream));
}
