export { addRowCounts, type StoreCounts } from "./add-row-counts.ts";
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
