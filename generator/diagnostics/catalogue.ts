import { type AcknowledgementFacts, acknowledgementRules } from "./acknowledgement-rules.ts";
import { type ColumnFacts, columnRules } from "./column-rules.ts";
import { type ConfigFacts, configRules } from "./config-rules.ts";
import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { type FeatureFacts, featureRules } from "./feature-rules.ts";
import { type ProjectFacts, projectRules } from "./project-rules.ts";
import { type ReferenceFacts, referenceRules } from "./reference-rules.ts";
import { type RenameFacts, renameRules } from "./rename-rules.ts";
import { type ShapeFacts, shapeRules } from "./shape-rules.ts";
import { type SourceFacts, sourceRules } from "./source-rules.ts";

/** The facts of each code. The keys are the codes. */
export interface DiagnosticFacts
  extends SourceFacts,
    ShapeFacts,
    ReferenceFacts,
    RenameFacts,
    ColumnFacts,
    FeatureFacts,
    ProjectFacts,
    ConfigFacts,
    AcknowledgementFacts {}

/** The stable code of a diagnostic. */
export type DiagnosticCode = keyof DiagnosticFacts;

/** The rule of every code. */
export const catalogue: DiagnosticRules<DiagnosticFacts> = {
  ...sourceRules,
  ...shapeRules,
  ...referenceRules,
  ...renameRules,
  ...columnRules,
  ...featureRules,
  ...projectRules,
  ...configRules,
  ...acknowledgementRules,
};
