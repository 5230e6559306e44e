export { type AcknowledgedDiff, acknowledgeChanges } from "./acknowledgements/acknowledge-changes.ts";
export type { Acknowledgement } from "./acknowledgements/acknowledgement.ts";
export { type AcknowledgementsFile, describeFailures } from "./acknowledgements/describe-failures.ts";
export {
  type FailOn,
  type FailOnResult,
  type Failure,
  findFailures,
  parseFailOn,
  type UnknownId,
} from "./acknowledgements/fail-on.ts";
export {
  type AcknowledgementsResult,
  parseAcknowledgements,
} from "./acknowledgements/parse-acknowledgements.ts";
export { addRowCounts, type StoreCounts } from "./add-row-counts.ts";
export { type DiffContext, diffManifests } from "./diff-manifests.ts";
export { mapLocations } from "./map-locations.ts";
export type { HistoryEntry } from "./history-entry.ts";
export { readSpecDocuments } from "./read-spec-documents.ts";
export type { LocationLink } from "./render/markdown/change-line.ts";
export { type MarkdownOptions, renderMarkdown } from "./render/markdown/render-markdown.ts";
export { type MermaidOptions, renderMermaid } from "./render/mermaid/render-mermaid.ts";
export { renderAnnotations } from "./render/render-annotations.ts";
export { renderDiffJson } from "./render/render-json.ts";
export { renderText, type TextOptions } from "./render/terminal/render-text.ts";
export type {
  CauseRule,
  ChangeSeverity,
  ProjectRuleId,
  Recompute,
  Rule,
  RuleId,
  TypesEffect,
} from "./rule.ts";
export { rules } from "./rules.ts";
export { renderRulesReference } from "./rules-reference.ts";
export type { SpecDocuments } from "./spec-paths.ts";
export type {
  BaseState,
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
  BlockedBy,
} from "./version-diff.ts";
