import { sha256 } from "../../pipeline/sha256.ts";
import { locateSpecPath, type SpecDocuments } from "../model/spec-paths.ts";
import type { Change, ProjectChange } from "../model/version-diff.ts";
import type { ProjectRuleId } from "../rules/rule.ts";
import { rules } from "../rules/rules.ts";
import type { RawChange } from "./raw-change.ts";

/** Classifies a change of a feature by its rule, and locates it. */
export function classifyChange(raw: RawChange, feature: string, specs: SpecDocuments): Change {
  const at = locateSpecPath(specs, feature, raw.specPath);
  return {
    ...classification(raw, feature),
    rule: raw.rule,
    ...(at === undefined ? {} : { at }),
  };
}

/** Classifies a change of every feature at once. */
export function classifyProjectChange(raw: {
  readonly rule: ProjectRuleId;
  readonly from?: string;
  readonly to?: string;
  /** Distinguishes it from other changes of its rule. */
  readonly discriminator?: string;
}): ProjectChange {
  return { ...classification(raw, ""), rule: raw.rule };
}

type UnlocatedChange = Omit<RawChange, "specPath">;

function classification(raw: UnlocatedChange, feature: string): Omit<Change, "rule" | "at"> {
  const { severity, recompute, types, message } = rules[raw.rule];
  const { subject, from, to, stored } = raw;
  return {
    // What a store refuses is an error, whatever the kind of change.
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

/** Hashes what changed and how, never locations or commits, so that it survives moved lines, new commits and rebases. */
function fingerprint(raw: UnlocatedChange, feature: string): string {
  const { rule, subject, upstream, detail, from, to, discriminator } = raw;
  const facts = [rule, feature, subject, upstream, detail, from, to, discriminator].map(
    (fact) => fact ?? null,
  );
  return sha256(JSON.stringify(facts)).slice(0, 16);
}
