import canonicalize from "canonicalize";
import type { FilterExpression } from "../../../runtime/filter/filter-expression.ts";
import { parseFilter } from "../../../runtime/filter/parse-filter.ts";
import { columnsOf } from "../renames/rename-in-filter.ts";

/**
 * What a list of filters says, as text: equal texts are equal filters, however they are written. Columns are told by
 * the upstream's own names.
 */
export function normalizeFilter(where: readonly string[], ownNames: ReadonlyMap<string, string>): string {
  const conditions = where.flatMap((text) => {
    const parsed = parseFilter(text);
    return parsed.ok ? conjuncts(parsed.value).map((filter) => normalizeCondition(filter, ownNames)) : [text];
  });
  return [...new Set(conditions)].sort().join(" AND ");
}

/** The columns that filters read, a dotted name also without its last parts: it may name a member. */
export function filteredColumns(where: readonly string[]): string[] {
  return where.flatMap((text) => {
    const parsed = parseFilter(text);
    const names = parsed.ok ? columnsOf(parsed.value).map(({ name }) => name) : [];
    return names.flatMap((name) => (name.includes(".") ? [name, name.slice(0, name.indexOf("."))] : [name]));
  });
}

/** A list of filters is AND-ed, so an AND inside of one makes no difference. */
function conjuncts(filter: FilterExpression): readonly FilterExpression[] {
  return filter.kind === "and" ? filter.operands.flatMap(conjuncts) : [filter];
}

function normalizeCondition(filter: FilterExpression, ownNames: ReadonlyMap<string, string>): string {
  const plain: unknown = JSON.parse(JSON.stringify(filter), (key, value) => {
    if (key === "at" || key === "quoted") return undefined;
    return isColumn(value) ? { ...value, name: ownName(value.name, ownNames) } : value;
  });
  return canonicalize(plain) ?? "";
}

function isColumn(value: unknown): value is { readonly kind: "column"; readonly name: string } {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "column";
}

/** A dotted name is the column of that name, else a member of a struct. */
function ownName(name: string, ownNames: ReadonlyMap<string, string>): string {
  const own = ownNames.get(name);
  if (own !== undefined) return own;
  const dot = name.indexOf(".");
  const column = dot === -1 ? undefined : ownNames.get(name.slice(0, dot));
  return column === undefined ? name : column + name.slice(dot);
}
