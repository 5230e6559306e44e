import type { SchemaNode } from "./schema-node.ts";

/** Keywords that say something of the one use of a schema, and so replace those of the target. */
const annotations = new Set(["title", "description", "default", "examples", "deprecated"]);

/** Adds the keywords that stand beside a `$ref` to those of its target. */
export function mergeReference(beside: SchemaNode, target: SchemaNode): SchemaNode {
  return {
    place: beside.place,
    keywords: new Map([...target.keywords, ...beside.keywords]),
    children: { ...target.children, ...beside.children },
  };
}

/** The keywords beside a `$ref` that also stand in its target: with another value, nobody can tell which counts. */
export function conflictingKeywords(beside: SchemaNode, target: SchemaNode): string[] {
  const shared = [...beside.keywords.keys()].filter(
    (name) => target.keywords.has(name) && !annotations.has(name),
  );
  return shared.filter((name) => name in beside.children || !hasSameValue(beside, target, name));
}

function hasSameValue(a: SchemaNode, b: SchemaNode, keyword: string): boolean {
  return JSON.stringify(a.keywords.get(keyword)?.value) === JSON.stringify(b.keywords.get(keyword)?.value);
}
