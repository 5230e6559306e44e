import type { Manifest, ManifestDep, ManifestFeature } from "../../manifest/manifest.ts";
import { normalizeFilter } from "../changes/normalize-filter.ts";
import { viewColumn } from "./column-view.ts";
import { arrivingNames } from "./feature-facts.ts";
import { isSame } from "./is-same.ts";
import type { FeaturePair } from "./project-pair.ts";
import type { Revert } from "./version-diff.ts";

/** A state of the project at an earlier time. */
export interface HistoryEntry {
  /** A commit or a tag. */
  readonly ref: string;
  readonly manifest: Manifest;
  /** It came after the base: on the way from there to now. */
  readonly isSinceBase?: boolean;
}

/**
 * The latest past state in which a feature had the version that it comes back to, with rows that count now: it and all
 * above it had the ids, lineage, filters and required columns that they have. `history`: latest first.
 *
 * The latest states since the base that have the version of now are the edit itself, committed: no return to them.
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
  const entry = history.find(
    (state, index) =>
      firstUnedited >= 0 &&
      index >= firstUnedited &&
      hasVersion(state) &&
      hasSameRows(key, state.manifest, now),
  );
  return entry === undefined ? undefined : { ref: entry.ref };
}

/** Whether rows that a feature had in one state are those that it has in another: looked at from it upwards. */
function hasSameRows(key: string, then: Manifest, now: Manifest): boolean {
  const visited = new Set([key]);
  // A set goes on to what is added while it is walked.
  for (const name of visited) {
    const [was, is] = [then.features[name], now.features[name]];
    if (was === undefined || is === undefined || !isSameTable(was, is)) return false;
    if (!isSame(depsIn(was, then), depsIn(is, now))) return false;
    for (const { feature } of is.deps) visited.add(feature);
  }
  return true;
}

/** Whether rows of one state can stand in the table of another: same ids, and nothing missing that is required. */
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
