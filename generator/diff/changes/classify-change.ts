import { sha256 } from "../../pipeline/sha256.ts";
import type { ProjectRuleId } from "../model/rule.ts";
import { locateSpecPath, type SpecDocuments } from "../model/spec-paths.ts";
import type { Change, ProjectChange } from "../model/version-diff.ts";
import { rules } from "../rules.ts";
import type { RawChange } from "./raw-change.ts";

/** Judges a change of a feature by its rule. */
export function classifyChange(raw: RawChange, feature: string, specs: SpecDocuments): Change {
  const at = locateSpecPath(specs, feature, raw.specPath);
  return {
    ...classification(raw, feature),
    rule: raw.rule,
    ...(at === undefined ? {} : { at }),
  };
}

/** Judges a change that concerns every feature at once. */
export function classifyProjectChange(raw: {
  readonly rule: ProjectRuleId;
  readonly from?: string;
  readonly to?: string;
  /** What tells it from others of its rule. */
  readonly discriminator?: string;
}): ProjectChange {
  return { ...classification(raw, ""), rule: raw.rule };
}

type UnlocatedChange = Omit<RawChange, "specPath">;

function classification(raw: UnlocatedChange, feature: string): Omit<Change, "rule" | "at"> {
  const { severity, recompute, types, message } = rules[raw.rule];
  const { subject, from, to, stored } = raw;
  return {
    // Whatever the kind of change: what a store refuses is no detail.
    severity: stored?.verdict === "refused" ? "error" : severity,
    message: message({ ...raw, feature }),
    recompute,
    types,
    ...(stored === undefined ? {} : { stored: stored.verdict }),
    ...(subject === undefined ? {} : { subject }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    fingerprint: fingerprint(raw, feature),
    acknowledged: false,
  };
}

/** Made of what changed and how, never of places or commits: so it survives moved lines, new commits and rebases. */
function fingerprint(raw: UnlocatedChange, feature: string): string {
  const { rule, subject, upstream, detail, from, to, discriminator } = raw;
  const facts = [rule, feature, subject, upstream, detail, from, to, discriminator].map(
    (fact) => fact ?? null,
  );
  return sha256(JSON.stringify(facts)).slice(0, 16);
}
