import type { DiagnosticRules } from "./diagnostic-rule.ts";

/** Facts of what is wrong between the specs of a project. */
// biome-ignore lint/suspicious/noEmptyInterface: the rules of resolve go here
export interface ProjectFacts {}

export const projectRules: DiagnosticRules<ProjectFacts> = {};
