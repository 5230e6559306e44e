import type { NamesOf, Rename } from "./renames.ts";

/** Says whether something that came may be what went, by their names. */
export type NameMatcher = (name: string, from: string) => boolean;

/**
 * Pairs what came with what went and is the same but for its name. Where several may be the same, none can be told from
 * the others.
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
