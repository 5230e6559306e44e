export type { LocationLink } from "../report/markdown/change-line.ts";
export { type MarkdownOptions, renderMarkdown } from "../report/markdown/render-markdown.ts";
export { type MermaidOptions, renderMermaid } from "../report/mermaid/render-mermaid.ts";
export { renderAnnotations } from "../report/render-annotations.ts";
export { renderDiffJson } from "../report/render-json.ts";
export { renderRulesReference } from "../report/rules-reference.ts";
export { renderText, type TextOptions } from "../report/text/render-text.ts";
export { addRowCounts, type StoreCounts } from "./add-row-counts.ts";
export { type DiffContext, diffManifests } from "./diff-manifests.ts";
export { type AcknowledgedDiff, acknowledgeChanges } from "./gate/acknowledge-changes.ts";
export type { Acknowledgement } from "./gate/acknowledgement.ts";
export { type AcknowledgementsFile, describeFailures } from "./gate/describe-failures.ts";
export {
  type FailOn,
  type FailOnResult,
  type Failure,
  findFailures,
  parseFailOn,
  type UnknownId,
} from "./gate/fail-on.ts";
export {
  type AcknowledgementsResult,
  parseAcknowledgements,
} from "./gate/parse-acknowledgements.ts";
export type { HistoryEntry } from "./model/history-entry.ts";
export { mapLocations } from "./model/map-locations.ts";
export { readSpecDocuments } from "./model/read-spec-documents.ts";
export type {
  CauseRule,
  ChangeSeverity,
  ProjectRuleId,
  Recompute,
  Rule,
  RuleId,
  TypesEffect,
} from "./model/rule.ts";
export type { SpecDocuments } from "./model/spec-paths.ts";
export type {
  BaseState,
  BlockedBy,
  Cause,
  Change,
  DiffTotals,
  FeatureDiff,
  FeatureState,
  FeatureStatus,
  FieldDiff,
  FieldStatus,
  Location,
  ProjectChange,
  ProjectState,
  PrunedBranch,
  Revert,
  RowCounts,
  TableForecast,
  VersionDiff,
} from "./model/version-diff.ts";
export { rules } from "./rules.ts";
