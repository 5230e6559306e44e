import type { ColumnType } from "../../runtime/columns/column-type.ts";
import { type Diagnostic, report } from "../diagnostics/diagnostic.ts";
import { areComparable } from "./keyword-constraints.ts";
import { childrenOf, type SchemaNode } from "./schema-node.ts";

/** Warns of what a column's schema demands and DuckDB can't check: whether items differ that are stored as JSON. */
export function* unenforcedProblems(node: SchemaNode, type: ColumnType): Iterable<Diagnostic> {
  const unique = node.keywords.get("uniqueItems");
  if (unique?.value === true && !areComparable(node, type.kind === "list" ? type.items : { kind: "json" })) {
    yield report("constraint-not-enforced", unique.place.document.locateKey(unique.place.path), {
      keyword: "uniqueItems",
      reason: "the items are stored as JSON, and DuckDB can't tell whether two of them are the same",
      instead: 'Give the items one type: a scalar, or an object whose "properties" all have one.',
    });
  }
  for (const [child, childType] of typedChildren(node, type)) yield* unenforcedProblems(child, childType);
}

function typedChildren(node: SchemaNode, type: ColumnType): readonly (readonly [SchemaNode, ColumnType])[] {
  const { items, additionalProperties, properties } = node.children;
  switch (type.kind) {
    case "scalar":
      return [];
    case "json":
      return [...childrenOf(node)].map((child) => [child, type]);
    case "list":
      return items === undefined ? [] : [[items, type.items]];
    case "map":
      return additionalProperties === undefined ? [] : [[additionalProperties, type.values]];
    case "struct":
      return type.members.flatMap((member) => {
        const child = properties?.get(member.name);
        return child === undefined ? [] : [[child, member.type] as const];
      });
  }
}
