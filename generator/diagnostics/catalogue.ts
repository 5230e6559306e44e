import { type AcknowledgementFacts, acknowledgementRules } from "./acknowledgement-rules.ts";
import { type ColumnProblems, columnRules } from "./column-rules.ts";
import { type ConfigFacts, configRules } from "./config-rules.ts";
import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { type FeatureProblems, featureRules } from "./feature-rules.ts";
import { type ProjectFacts, projectRules } from "./project-rules.ts";
import { type ReferenceFacts, referenceRules } from "./reference-rules.ts";
import { type RenameFacts, renameRules } from "./rename-rules.ts";
import { type ShapeFacts, shapeRules } from "./shape-rules.ts";
import { type SourceFacts, sourceRules } from "./source-rules.ts";

/** The facts that each code of diagnostic carries: the union of codes is made of these keys. */
export interface DiagnosticFacts
  extends SourceFacts,
    ShapeFacts,
    ReferenceFacts,
    RenameFacts,
    ColumnProblems,
    FeatureProblems,
    ProjectFacts,
    ConfigFacts,
    AcknowledgementFacts {}

/** Stable code of a diagnostic. */
export type DiagnosticCode = keyof DiagnosticFacts;

/** The wording of every code. */
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
