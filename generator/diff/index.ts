import { upstreamFirst } from "../pipeline/upstream-first.ts";
import type { FeatureDiff, RowCounts, TableForecast, VersionDiff } from "./model/version-diff.ts";

export { type DiffContext, diffManifests } from "./diff-manifests.ts";
export { type AcknowledgedDiff, acknowledgeChanges } from "./gate/acknowledge-changes.ts";
export {
  type Acknowledgement,
  type AcknowledgementsFile,
  type AcknowledgementsResult,
  parseAcknowledgements,
} from "./gate/acknowledgements.ts";
export {
  type FailOn,
  type Failure,
  findFailures,
  parseFailOn,
} from "./gate/find-failures.ts";
export type { HistoryEntry } from "./history-entry.ts";
export { readSpecDocuments, type SpecDocuments } from "./model/spec-paths.ts";
export type {
  BaseState,
  BlockedBy,
  BlockedColumn,
  Cause,
  Change,
  DiffTotals,
  FeatureDiff,
  FeatureState,
  FeatureStatus,
  FieldDiff,
  FieldStatus,
  Misfit,
  ProjectChange,
  ProjectState,
  PrunedBranch,
  Revert,
  RowCounts,
  TableForecast,
  TableStep,
  VersionDiff,
} from "./model/version-diff.ts";
export type { CauseRule, ProjectRuleId, Recompute, Rule, RuleId, TypesEffect } from "./rules/rule.ts";
export { isConsequence, rules } from "./rules/rules.ts";

/** What a store reports of features, by key. A feature in neither map was not requested. */
export interface StoreCounts {
  readonly rows: ReadonlyMap<string, RowCounts>;
  /** Only tables that need a change. */
  readonly tables?: ReadonlyMap<string, TableForecast>;
  /** Why the rows of a feature cannot be counted. */
  readonly refused?: ReadonlyMap<string, { readonly message: string }>;
}

/** Adds the counts of a store to a diff, and orders the features that have work there. */
export function addRowCounts(diff: VersionDiff, { rows, tables, refused }: StoreCounts): VersionDiff {
  const features = diff.features.map((feature) => {
    const table = tables?.get(feature.key);
    const counts = rows.get(feature.key);
    const refusal = refused?.get(feature.key);
    return {
      ...feature,
      ...(counts === undefined ? {} : { rows: counts }),
      ...(table === undefined ? {} : { table }),
      ...(counts !== undefined || refusal === undefined ? {} : { rowsUnavailable: refusal.message }),
    };
  });
  const ordered = upstreamFirst(
    new Map(
      features.flatMap((feature) =>
        feature.after === undefined
          ? []
          : [[feature.key, { feature, upstream: feature.after.upstream }] as const],
      ),
    ),
  );
  const present = [...ordered.values()].map(({ feature }) => feature);
  const run = new Set<string>();
  for (const feature of present) {
    if (hasWork(feature) || receivesUncountedRows(feature, run)) run.add(feature.key);
  }
  const mayRun = present.filter((feature) => !run.has(feature.key) && mayHaveWork(feature));
  return { ...diff, runOrder: [...run], mayRun: mayRun.map(({ key }) => key), features };
}

/** Whether a feature has something to run. Without counts, the diff decides. */
function hasWork({ rows, table, recompute, after }: FeatureDiff): boolean {
  if (table?.steps.some((step) => step.kind === "blocked" && step.rowsToWriteAgain > 0)) return true;
  if (rows === undefined) return recompute === "some" || recompute === "all";
  // Only the run of a root knows its samples.
  if (rows.incomplete === true && after?.upstream.length === 0) return true;
  const lacksRequired = rows.misfits?.some(({ rule }) => rule === "required") === true;
  return rows.new + rows.stale > 0 || lacksRequired;
}

/** Whether an upstream run makes rows that could not be counted, and so work here. */
function receivesUncountedRows({ rows, after }: FeatureDiff, running: ReadonlySet<string>): boolean {
  return rows?.incomplete === true && after?.upstream.some((key) => running.has(key)) === true;
}

function mayHaveWork({ rows }: FeatureDiff): boolean {
  return rows?.incomplete === true || rows?.assumes !== undefined;
}
