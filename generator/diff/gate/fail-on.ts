import { meantOrKnown } from "../../diagnostics/did-you-mean.ts";
import { suggest } from "../../diagnostics/suggest.ts";
import type { ChangeSeverity } from "../model/rule.ts";
import type { Change, VersionDiff } from "../model/version-diff.ts";
import { isRuleId, rules } from "../rules.ts";

/** Stands for a reason that is yet to be given. */
export const reasonPlaceholder = "…";

/** What is to fail: ids of rules, and severities, each with those above it. */
export type FailOn = ReadonlySet<string>;

/** Outcome of reading what is to fail. */
export type FailOnResult =
  | { readonly kind: "fail-on"; readonly failOn: FailOn }
  | { readonly kind: "unknown"; readonly problems: readonly UnknownId[] };

/** A text that is neither the id of a rule nor a severity. */
export interface UnknownId {
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** How to mend it. */
  readonly hint: string;
}

/** A change that fails. */
export interface Failure {
  /** Absent for a change that concerns every feature. */
  readonly feature?: string;
  readonly change: Change;
  /** The entry that acknowledges it, as JSON on one line; its reason is to be filled in. */
  readonly acknowledgement: string;
}

/** Reads what is to fail: ids of rules and severities, also several in one text, separated by commas. */
export function parseFailOn(texts: readonly string[]): FailOnResult {
  const ids = texts.flatMap((text) => text.split(",")).map((id) => id.trim());
  const named = ids.filter((id) => id !== "");
  const problems = named.filter((id) => !isRuleId(id) && !isSeverity(id)).map(unknownId);
  return problems.length > 0 ? { kind: "unknown", problems } : { kind: "fail-on", failOn: new Set(named) };
}

/** The changes of a diff that fail: those of the rules and severities that nobody acknowledged. */
export function findFailures(diff: VersionDiff, failOn: FailOn): Failure[] {
  const changes = [
    ...diff.causes.map((change) => ({ change })),
    ...diff.features.flatMap(({ key, changes }) => changes.map((change) => ({ feature: key, change }))),
  ];
  return changes
    .filter(({ change }) => fails(change, failOn))
    .map((failing) => ({ ...failing, acknowledgement: acknowledgementOf(failing) }));
}

function fails({ rule, severity, acknowledged }: Change, failOn: FailOn): boolean {
  if (acknowledged) return false;
  const reached = severities.slice(0, severities.indexOf(severity) + 1);
  return failOn.has(rule) || reached.some((weaker) => failOn.has(weaker));
}

/** From the weakest to the strongest. */
const severities: readonly ChangeSeverity[] = ["info", "warning", "error"];

function isSeverity(text: string): boolean {
  return severities.some((severity) => severity === text);
}

function acknowledgementOf({ feature, change }: Omit<Failure, "acknowledgement">): string {
  const entries = Object.entries({
    fingerprint: change.fingerprint,
    rule: change.rule,
    ...(feature === undefined ? {} : { feature }),
    reason: reasonPlaceholder,
  });
  return `{ ${entries.map(([name, value]) => `"${name}": ${JSON.stringify(value)}`).join(", ")} }`;
}

function unknownId(id: string): UnknownId {
  const known = [...severities.toReversed(), ...Object.keys(rules)];
  return {
    message: `Unknown rule or severity ${JSON.stringify(id)}.`,
    hint: meantOrKnown({ suggestion: suggest(id, known), known }),
  };
}
