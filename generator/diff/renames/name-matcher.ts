import type { JsonDocument } from "../../source/json-document.ts";
import { valueAt } from "../../source/json-pointer.ts";
import type { NameMatcher } from "./pair-identical.ts";

/** The spec of a feature then and now, as far as each is known. */
export interface SpecPair {
  readonly before: JsonDocument | undefined;
  readonly after: JsonDocument | undefined;
}

/**
 * Tells whether a column may be one that went: it stands where that stood. Where a spec is not known, one of the names
 * must hold the other: `duration` and `duration_s`.
 */
export function columnMatcher({ before, after }: SpecPair): NameMatcher {
  return positionMatcher(columnsIn(before), columnsIn(after));
}

/** The same of a field. */
export function fieldMatcher({ before, after }: SpecPair): NameMatcher {
  return positionMatcher(fieldsIn(before), fieldsIn(after));
}

function positionMatcher(before: readonly string[], after: readonly string[]): NameMatcher {
  return (name, from) => {
    if (name.includes(from) || from.includes(name)) return true;
    const [then, now] = [before.indexOf(from), after.indexOf(name)];
    if (then === -1 || now === -1) return false;
    const isOnlyOne = before.length === 1 && after.length === 1;
    // A neighbour tells the place; others may have come or gone before it.
    return isOnlyOne || [-1, 1].some((step) => isSame(before[then + step], after[now + step]));
  };
}

function isSame(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b;
}

function columnsIn(spec: JsonDocument | undefined): string[] {
  const columns = spec && valueAt(spec.value, ["properties"]);
  return typeof columns === "object" && columns !== null ? Object.keys(columns) : [];
}

function fieldsIn(spec: JsonDocument | undefined): string[] {
  const fields = spec && valueAt(spec.value, ["feature", "fields"]);
  if (!Array.isArray(fields)) return [];
  return fields.map((field) => (typeof field === "string" ? field : String(field?.key)));
}
