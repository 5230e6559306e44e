import type { BoundColumn, BoundFilter } from "./bound-filter.ts";

/** Names of the columns that a filter reads; for a member of a struct, the struct column. */
export function columnsOf(filter: BoundFilter): ReadonlySet<string> {
  return new Set(boundColumns(filter).map(({ path: [column] }) => column));
}

function boundColumns(filter: BoundFilter): readonly BoundColumn[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands.flatMap(boundColumns);
    case "not":
      return boundColumns(filter.operand);
    case "comparison":
      return filter.right.kind === "column" ? [filter.left, filter.right] : [filter.left];
    case "in":
    case "is-null":
    case "truth":
      return [filter.column];
    case "constant":
      return [];
  }
}
