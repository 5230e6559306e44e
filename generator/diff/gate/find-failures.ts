import type { CliError } from "../../diagnostics/cli-error.ts";
import { suggestOrList } from "../../diagnostics/did-you-mean.ts";
import { severities } from "../../diagnostics/severity.ts";
import { suggest } from "../../diagnostics/suggest.ts";
import { okUnless, type Result } from "../../pipeline/result.ts";
import type { Change, VersionDiff } from "../model/version-diff.ts";
import { isRuleId, rules } from "../rules/rules.ts";
import { reasonPlaceholder } from "./acknowledgements.ts";

/** What fails: ids of rules, and severities, each with the more severe ones. */
export type FailOn = ReadonlySet<string>;

/** A change that fails. */
export interface Failure {
  /** Absent for a change that concerns every feature. */
  readonly feature?: string;
  readonly change: Change;
  /** The entry that acknowledges it, as JSON on one line, with a placeholder as its reason. */
  readonly acknowledgement: string;
}

/** Reads ids of rules and severities, also several in one string, separated by commas. */
export function parseFailOn(texts: readonly string[]): Result<FailOn> {
  const ids = texts.flatMap((text) => text.split(",")).map((id) => id.trim());
  const named = ids.filter((id) => id !== "");
  const errors = named.filter((id) => !isRuleId(id) && !isSeverity(id)).map(unknownId);
  return okUnless(errors, new Set(named));
}

/** The changes of a diff that fail: those of the given rules and severities, without acknowledged ones. */
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
  const reached = severities.slice(severities.indexOf(severity));
  return failOn.has(rule) || reached.some((weaker) => failOn.has(weaker));
}

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

function unknownId(id: string): CliError {
  const known = [...severities, ...Object.keys(rules)];
  return {
    code: "rule-unknown",
    message: `Unknown rule or severity ${JSON.stringify(id)}.`,
    hint: suggestOrList({ suggestion: suggest(id, known), known }),
  };
}
