import type { Location } from "../diagnostics/location.ts";
import type { Manifest, ManifestDep, ManifestFeature } from "../manifest/manifest.ts";
import { upstreamFirst } from "../pipeline/upstream-first.ts";
import { columnsOf } from "../resolve/lineage-rules.ts";
import { traceCauses } from "./attribution/trace-causes.ts";
import { findChanges } from "./changes/find-changes.ts";
import { findProjectChanges } from "./changes/project-changes.ts";
import { type DiffAnalysis, diffFeature } from "./diff-feature.ts";
import type { HistoryEntry } from "./history-entry.ts";
import { arrivingNames, featureFacts } from "./model/feature-facts.ts";
import { filteredColumns } from "./model/filters.ts";
import { findRenames } from "./model/find-renames.ts";
import { type FeaturePair, type ProjectPair, pairProjects } from "./model/project-pair.ts";
import type { SpecDocuments } from "./model/spec-paths.ts";
import type { BaseState, DiffTotals, FeatureDiff, VersionDiff } from "./model/version-diff.ts";

/** What a caller knows of the two states. */
export interface DiffContext {
  /** Where the state before comes from. */
  readonly base?: Omit<BaseState, "projectVersion">;
  /** Why that is not the requested base: a sentence. */
  readonly baseFallback?: string;
  /** The specs of the state before, by feature key: positions of columns and fields help to detect renames. */
  readonly formerSpecs?: SpecDocuments;
  /** Earlier states, latest first: a return to the version of one of them is a revert. */
  readonly history?: readonly HistoryEntry[];
  /** Location of a setting of the project; absent where it has its default. */
  readonly locateSetting?: (setting: string) => Location | undefined;
}

/**
 * Compares two states of a project: which versions changed, by which edits, what to recompute, and whether code that uses
 * the generated types breaks.
 *
 * Only the manifests are required. `specs`, the documents of the state after, adds the locations of edits.
 *
 * @example
 * ```ts
 * const diff = diffManifests(before, after, readSpecDocuments(sources, after), { base: { ref: "main" } });
 * diff.totals.features.direct; // 1
 * ```
 */
export function diffManifests(
  recorded: Manifest | undefined,
  after: Manifest,
  specs: SpecDocuments = new Map(),
  { base = {}, baseFallback, history = [], formerSpecs, locateSetting = () => undefined }: DiffContext = {},
): VersionDiff {
  const renamed = recorded === undefined ? undefined : findRenames(recorded, after, specs, formerSpecs);
  const before = renamed?.manifest;
  const project = pairProjects(before, after, renamed?.renames);
  const order = [...orderFeatures(project).keys()];
  const analysis: DiffAnalysis = {
    project,
    specs,
    history,
    current: after,
    order,
    traces: traceCauses(project),
    changes: findChanges(project, order, before === undefined ? undefined : { before, after }, specs),
  };
  const featureDiffs = [...project.features.values()].map((feature) => diffFeature(feature, analysis));
  const runOrder = orderRuns(order, featureDiffs);
  const running = new Set(runOrder);
  const recomputing = new Set(
    featureDiffs.filter((f) => running.has(f.key) && f.before !== undefined).map(({ key }) => key),
  );
  const assumptions = findAssumptions(after, order, recomputing);
  const features = featureDiffs.map((feature) => withAssumptions(feature, assumptions.get(feature.key)));
  const mayRun = new Set(
    features.filter((f) => f.assumes !== undefined && !running.has(f.key)).map(({ key }) => key),
  );
  return {
    diffVersion: 1,
    ...(before === undefined ? {} : { before: { ...base, projectVersion: before.projectVersion } }),
    ...(baseFallback === undefined ? {} : { baseFallback }),
    after: { projectVersion: after.projectVersion },
    totals: countStatuses(features),
    causes: before === undefined ? [] : findProjectChanges(before, after, project, locateSetting),
    runOrder,
    mayRun: order.filter((key) => mayRun.has(key)),
    features,
  };
}

/** Rows that are new anyway depend on no assumption. */
function withAssumptions(feature: FeatureDiff, assumes: readonly string[] | undefined): FeatureDiff {
  return assumes === undefined || feature.recompute === "all" ? feature : { ...feature, assumes };
}

/** The features of the state after, upstream first. */
function orderFeatures({
  features,
}: ProjectPair): ReadonlyMap<string, { readonly upstream: readonly string[] }> {
  const present = [...features.values()].filter(({ after }) => after !== undefined);
  const upstream = ({ after }: FeaturePair): string[] => (after?.deps ?? []).map(({ feature }) => feature);
  return upstreamFirst(new Map(present.map((feature) => [feature.key, { upstream: upstream(feature) }])));
}

function orderRuns(order: readonly string[], features: readonly FeatureDiff[]): string[] {
  const running = features.filter(({ recompute }) => recompute === "some" || recompute === "all");
  const keys = new Set(running.map(({ key }) => key));
  return order.filter((key) => keys.has(key));
}

function countStatuses(features: readonly FeatureDiff[]): DiffTotals {
  const featureCounts = { added: 0, removed: 0, direct: 0, indirect: 0, metadataOnly: 0, unchanged: 0 };
  const fieldCounts = { added: 0, removed: 0, direct: 0, indirect: 0, unchanged: 0 };
  for (const feature of features) {
    featureCounts[feature.status] += 1;
    for (const field of feature.fields) fieldCounts[field.status] += 1;
  }
  return { features: featureCounts, fields: fieldCounts };
}

/**
 * For each feature, the upstream features that run and must make the same rows again for its rows to stay up to date:
 * their work items may have several rows, or one of their columns decides here which rows count or join.
 *
 * `order` lists the features, upstream first; `recomputing` those that run and have rows already.
 */
function findAssumptions(
  manifest: Manifest,
  order: readonly string[],
  recomputing: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const assumptions = new Map<string, readonly string[]>();
  if (recomputing.size === 0) return assumptions;
  for (const key of order) {
    const feature = manifest.features[key];
    const assumed = new Set(
      (feature?.deps ?? []).flatMap((dep) => {
        const upstream = manifest.features[dep.feature];
        const inherited = assumptions.get(dep.feature) ?? [];
        if (feature === undefined || upstream === undefined || !recomputing.has(dep.feature))
          return inherited;
        const isAssumed =
          mayHaveSeveralRows(upstream, manifest) || dependsOnNonIdColumns(feature, dep, upstream, manifest);
        return isAssumed ? [...inherited, dep.feature] : inherited;
      }),
    );
    if (assumed.size > 0)
      assumptions.set(
        key,
        order.filter((name) => assumed.has(name)),
      );
  }
  return assumptions;
}

/** Whether a work item may have several rows. */
function mayHaveSeveralRows(feature: ManifestFeature, manifest: Manifest): boolean {
  const grain = new Set(featureFacts(feature, manifest).grain);
  return grain.size !== feature.idColumns.length || !feature.idColumns.every((column) => grain.has(column));
}

/** Whether a column of the upstream other than its ids decides which of its rows count, or what they join. */
function dependsOnNonIdColumns(
  feature: ManifestFeature,
  dep: ManifestDep,
  upstream: ManifestFeature,
  manifest: Manifest,
): boolean {
  const names = arrivingNames(dep, upstream);
  const { grain, joinColumns } = featureFacts(feature, manifest);
  const decidingColumns = [
    ...filteredColumns(dep.where ?? []),
    ...grain,
    ...joinColumns,
    ...columnsOf(dep.lineage),
  ];
  return decidingColumns.some((name) => {
    const own = names.get(name);
    return own !== undefined && !upstream.idColumns.includes(own);
  });
}
