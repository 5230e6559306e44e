import { type DepFacts, depRules } from "./dep-rules.ts";
import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { type JoinFacts, joinRules } from "./join-rules.ts";
import { type NamingFacts, namingRules } from "./naming-rules.ts";

/** Facts of diagnostics about the specs of a project together. */
export interface ProjectFacts extends NamingFacts, DepFacts, JoinFacts {}

export const projectRules: DiagnosticRules<ProjectFacts> = {
  ...namingRules,
  ...depRules,
  ...joinRules,
};
