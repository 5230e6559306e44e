import { type DepFacts, depRules } from "./dep-rules.ts";
import type { DiagnosticRules } from "./diagnostic-rule.ts";
import { type FieldFacts, fieldRules } from "./field-rules.ts";
import { type JoinFacts, joinRules } from "./join-rules.ts";
import { type NamingFacts, namingRules } from "./naming-rules.ts";

/** Facts of what is wrong between the specs of a project. */
export interface ProjectFacts extends NamingFacts, DepFacts, JoinFacts, FieldFacts {}

export const projectRules: DiagnosticRules<ProjectFacts> = {
  ...namingRules,
  ...depRules,
  ...joinRules,
  ...fieldRules,
};
