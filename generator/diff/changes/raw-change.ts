import type { ChangeFacts, RuleId } from "../model/rule.ts";
import type { SpecPath } from "../model/spec-paths.ts";

/** A change of a feature as it is found, before it is judged. */
export interface RawChange extends Omit<ChangeFacts, "feature"> {
  readonly rule: RuleId;
  /** Where it is seen in the feature's spec. */
  readonly specPath: SpecPath;
  /** What tells it from the same change at another time, beside what its message tells. */
  readonly discriminator?: string;
}

/** `from` and `to`, as far as there are any. */
export function fromTo(
  from: string | undefined,
  to: string | undefined,
): { readonly from?: string; readonly to?: string } {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** Names as one text. */
export function joinNames(names: readonly string[]): string {
  return names.join(", ");
}

/** Whether two lists hold the same names, whatever their order. */
export function hasSameNames(a: readonly string[], b: readonly string[]): boolean {
  const names = new Set(a);
  return names.size === new Set(b).size && b.every((name) => names.has(name));
}
