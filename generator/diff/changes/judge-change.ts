import { sha256 } from "../../sha256.ts";
import type { ProjectRuleId } from "../rule.ts";
import { rules } from "../rules.ts";
import { locatePart, type SpecDocuments } from "../spec-places.ts";
import type { Change, ProjectChange } from "../version-diff.ts";
import type { FoundChange } from "./found-change.ts";

/** Judges a change of a feature by its rule. */
export function judgeChange(found: FoundChange, feature: string, specs: SpecDocuments): Change {
  const at = locatePart(specs, feature, found.part);
  return {
    ...judgement(found, feature),
    rule: found.rule,
    ...(at === undefined ? {} : { at }),
  };
}

/** Judges a change that concerns every feature at once. */
export function judgeProjectChange(found: {
  readonly rule: ProjectRuleId;
  readonly from?: string;
  readonly to?: string;
  /** What tells it from others of its rule. */
  readonly evidence?: string;
}): ProjectChange {
  return { ...judgement(found, ""), rule: found.rule };
}

type Unplaced = Omit<FoundChange, "part">;

function judgement(found: Unplaced, feature: string): Omit<Change, "rule" | "at"> {
  const { severity, recompute, types, message } = rules[found.rule];
  const { subject, from, to, stored } = found;
  return {
    // Whatever the kind of change: what a store refuses is no detail.
    severity: stored?.verdict === "refused" ? "error" : severity,
    message: message({ ...found, feature }),
    recompute,
    types,
    ...(stored === undefined ? {} : { stored: stored.verdict }),
    ...(subject === undefined ? {} : { subject }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    fingerprint: fingerprint(found, feature),
    acknowledged: false,
  };
}

/** Made of what changed and how, never of places or commits: so it survives moved lines, new commits and rebases. */
function fingerprint(found: Unplaced, feature: string): string {
  const { rule, subject, upstream, detail, from, to, evidence } = found;
  const facts = [rule, feature, subject, upstream, detail, from, to, evidence].map((fact) => fact ?? null);
  return sha256(JSON.stringify(facts)).slice(0, 16);
}
