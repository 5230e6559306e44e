import type { DiagnosticRules } from "./diagnostic-rule.ts";

/** Facts of what is wrong with one spec, looked at alone. */
// biome-ignore lint/suspicious/noEmptyInterface: filled below
export interface SpecFacts {}

export const specRules: DiagnosticRules<SpecFacts> = {};
