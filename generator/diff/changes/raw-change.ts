import type { SpecPath } from "../model/spec-paths.ts";
import type { ChangeFacts, RuleId } from "../rules/rule.ts";

/** A change of a feature, not classified yet. */
export interface RawChange extends Omit<ChangeFacts, "feature"> {
  readonly rule: RuleId;
  /** Its location in the spec of the feature. */
  readonly specPath: SpecPath;
  /** Distinguishes it from the same change at another time, beyond its message. */
  readonly discriminator?: string;
}

/** The properties `from` and `to`, without undefined ones. */
export function fromTo(
  from: string | undefined,
  to: string | undefined,
): { readonly from?: string; readonly to?: string } {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** Names as one string. */
export function joinNames(names: readonly string[]): string {
  return names.join(", ");
}

/** Whether two lists hold the same names, whatever their order. */
export function hasSameNames(a: readonly string[], b: readonly string[]): boolean {
  const names = new Set(a);
  return names.size === new Set(b).size && b.every((name) => names.has(name));
}
