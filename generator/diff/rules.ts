import type { Rule, RuleId } from "./model/rule.ts";
import { columnRules } from "./rules/column-rules.ts";
import { consequenceRules } from "./rules/consequence-rules.ts";
import { moduleRules } from "./rules/module-rules.ts";
import { projectRules } from "./rules/project-rules.ts";
import { rowRules } from "./rules/row-rules.ts";
import { versionRules } from "./rules/version-rules.ts";

/** The judgement on every kind of change. */
export const rules: Readonly<Record<RuleId, Rule>> = {
  ...projectRules,
  ...versionRules,
  ...rowRules,
  ...columnRules,
  ...moduleRules,
  ...consequenceRules,
};

/** Whether a text is the id of a rule. */
export function isRuleId(text: string): text is RuleId {
  return Object.hasOwn(rules, text);
}

/** Whether a kind of change concerns every feature at once. */
export function isProjectRule(rule: string): boolean {
  return Object.hasOwn(projectRules, rule);
}

/** Whether a kind of change only follows from others. */
export function isConsequence(rule: RuleId): boolean {
  return Object.hasOwn(consequenceRules, rule);
}
