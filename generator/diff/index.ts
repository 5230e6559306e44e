export { type AcknowledgedDiff, acknowledgeChanges } from "./acknowledgements/acknowledge-changes.ts";
export type { Acknowledgement } from "./acknowledgements/acknowledgement.ts";
export { type AcknowledgementsFile, describeFailures } from "./acknowledgements/describe-failures.ts";
export {
  type FailOn,
  type FailOnReading,
  type Failure,
  findFailures,
  parseFailOn,
  type UnknownId,
} from "./acknowledgements/fail-on.ts";
export {
  type AcknowledgementsReading,
  parseAcknowledgements,
} from "./acknowledgements/parse-acknowledgements.ts";
export { addRowCounts, type StoreAnswer } from "./add-row-counts.ts";
export { type DiffContext, diffManifests } from "./diff-manifests.ts";
export { mapPlaces } from "./map-places.ts";
export type { PastState } from "./past-state.ts";
export { readSpecDocuments } from "./read-spec-documents.ts";
export type { LinkTo } from "./render/markdown/change-line.ts";
export { type MarkdownOptions, renderMarkdown } from "./render/markdown/render-markdown.ts";
export { type MermaidOptions, renderMermaid } from "./render/mermaid/render-mermaid.ts";
export { renderAnnotations } from "./render/render-annotations.ts";
export { renderDiffJson } from "./render/render-json.ts";
export { renderTerminal, type TerminalOptions } from "./render/terminal/render-terminal.ts";
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
export type { SpecDocuments } from "./spec-places.ts";
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
  Place,
  ProjectChange,
  ProjectState,
  PrunedBranch,
  Revert,
  RowCounts,
  TableForecast,
  VersionDiff,
  Waits,
} from "./version-diff.ts";
