import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { type ProjectFacts, projectRules } from "./project-rules.ts";
import { type SourceFacts, sourceRules } from "./source-rules.ts";
import { type SpecFacts, specRules } from "./spec-rules.ts";

/** The facts that each code of diagnostic carries: the union of codes is made of these keys. */
export interface DiagnosticFacts extends SourceFacts, SpecFacts, ProjectFacts {}

/** Stable code of a diagnostic. */
export type DiagnosticCode = keyof DiagnosticFacts;

/** The wording of every code. */
export const catalogue: DiagnosticRules<DiagnosticFacts> = { ...sourceRules, ...specRules, ...projectRules };
