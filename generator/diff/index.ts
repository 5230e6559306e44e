export { diffManifests } from "./diff-manifests.ts";
export type { SpecDocuments } from "./locate-edit.ts";
export { readSpecDocuments } from "./read-spec-documents.ts";
export { renderSummary, type SummaryOptions } from "./render-summary.ts";
export type {
  Cause,
  CauseRule,
  DiffTotals,
  FeatureDiff,
  FeatureState,
  FeatureStatus,
  FieldDiff,
  FieldStatus,
  Place,
  ProjectCause,
  ProjectState,
  VersionDiff,
} from "./version-diff.ts";
