import { columnRules } from "./column-rules.ts";
import { consequenceRules } from "./consequence-rules.ts";
import { moduleRules } from "./module-rules.ts";
import { projectRules } from "./project-rules.ts";
import { rowRules } from "./row-rules.ts";
import type { Rule, RuleId } from "./rule.ts";
import { versionRules } from "./version-rules.ts";

/** Every kind of change, by its id. */
export const rules: Readonly<Record<RuleId, Rule>> = {
  ...projectRules,
  ...versionRules,
  ...rowRules,
  ...columnRules,
  ...moduleRules,
  ...consequenceRules,
};

/** Whether a string is the id of a rule. */
export function isRuleId(text: string): text is RuleId {
  return Object.hasOwn(rules, text);
}

/** Whether a rule reports a change of every feature at once. */
export function isProjectRule(rule: string): boolean {
  return Object.hasOwn(projectRules, rule);
}

/** Whether a rule reports a consequence of other changes. */
export function isConsequence(rule: RuleId): boolean {
  return Object.hasOwn(consequenceRules, rule);
}
