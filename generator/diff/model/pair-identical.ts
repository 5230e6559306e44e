import type { JsonDocument } from "../../source/json-document.ts";
import { valueAt } from "../../source/json-pointer.ts";
import type { NamesOf, Rename } from "./renames.ts";

/** Whether an added name may be the new one of a removed name. */
export type NameMatcher = (name: string, from: string) => boolean;

/**
 * Pairs added with removed entries of the same content. An entry that matches several is left unpaired: the content does
 * not say which one it is.
 */
export function pairIdentical<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
  contentOf: (value: Value) => string,
  matches: NameMatcher = () => true,
): NamesOf {
  const removed = onlyIn(before, after, contentOf);
  const added = onlyIn(after, before, contentOf);
  const pairs = added.flatMap(({ name, content }) =>
    removed
      .filter((other) => other.content === content && matches(name, other.name))
      .map((other) => [name, other.name]),
  );
  const isOnly = (end: number, name: string | undefined): boolean =>
    pairs.filter((pair) => pair[end] === name).length === 1;
  return new Map(
    pairs.flatMap(([name = "", from = ""]): [string, Rename][] =>
      isOnly(0, name) && isOnly(1, from) ? [[name, { from, isDeclared: false }]] : [],
    ),
  );
}

function onlyIn<Value>(
  record: Readonly<Record<string, Value>>,
  other: object,
  contentOf: (value: Value) => string,
): { readonly name: string; readonly content: string }[] {
  return Object.entries(record)
    .filter(([name]) => !Object.hasOwn(other, name))
    .map(([name, value]) => ({ name, content: contentOf(value) }));
}

/** The spec of a feature before and after, as far as each is known. */
export interface SpecPair {
  readonly before: JsonDocument | undefined;
  readonly after: JsonDocument | undefined;
}

/**
 * Matches an added column with a removed one at the same position of the spec. Without a spec, one name must contain the
 * other: `duration` and `duration_s`.
 */
export function columnMatcher({ before, after }: SpecPair): NameMatcher {
  return positionMatcher(columnsIn(before), columnsIn(after));
}

/** The same for a field. */
export function fieldMatcher({ before, after }: SpecPair): NameMatcher {
  return positionMatcher(fieldsIn(before), fieldsIn(after));
}

function positionMatcher(before: readonly string[], after: readonly string[]): NameMatcher {
  return (name, from) => {
    if (name.includes(from) || from.includes(name)) return true;
    const [then, now] = [before.indexOf(from), after.indexOf(name)];
    if (then === -1 || now === -1) return false;
    const isOnlyOne = before.length === 1 && after.length === 1;
    // A shared neighbour is enough: entries may have been added or removed before it.
    return isOnlyOne || [-1, 1].some((step) => isSameName(before[then + step], after[now + step]));
  };
}

function isSameName(a: string | undefined, b: string | undefined): boolean {
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
