import canonicalize from "canonicalize";
import type {
  FilterColumn,
  FilterExpression,
  FilterTerm,
} from "../../../runtime/filter/filter-expression.ts";
import { parseFilter } from "../../../runtime/filter/parse-filter.ts";

/**
 * A normal form of a list of filters: equal texts are equal filters, however they are written. Columns have the
 * upstream's own names.
 */
export function normalizeFilter(where: readonly string[], ownNames: ReadonlyMap<string, string>): string {
  const conditions = where.flatMap((text) => {
    const parsed = parseFilter(text);
    return parsed.ok ? conjuncts(parsed.value).map((filter) => normalizeCondition(filter, ownNames)) : [text];
  });
  return [...new Set(conditions)].sort().join(" AND ");
}

/** The columns that filters read. A dotted name may be a member of a struct, so its first part is listed too. */
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
    return isColumn(value) ? { ...value, name: renameColumn(value.name, ownNames) } : value;
  });
  return canonicalize(plain) ?? "";
}

function isColumn(value: unknown): value is { readonly kind: "column"; readonly name: string } {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "column";
}

/** Renames columns in the text of a filter: name before → name now. An invalid filter stays as it is. */
export function renameInFilter(filter: string, names: ReadonlyMap<string, string>): string {
  const parsed = names.size === 0 ? undefined : parseFilter(filter);
  if (parsed?.ok !== true) return filter;
  let text = filter;
  const columns = columnsOf(parsed.value).sort((a, b) => b.at.start - a.at.start);
  for (const { name, at } of columns) {
    const renamed = renameColumn(name, names);
    if (renamed !== name) text = text.slice(0, at.start) + quote(renamed) + text.slice(at.end);
  }
  return text;
}

/** A name as the filter language quotes it. */
function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The new name of a column. A dotted name is the column of that name, else a member of a struct. */
function renameColumn(name: string, names: ReadonlyMap<string, string>): string {
  const renamed = names.get(name);
  if (renamed !== undefined) return renamed;
  const dot = name.indexOf(".");
  const column = dot === -1 ? undefined : names.get(name.slice(0, dot));
  return column === undefined ? name : column + name.slice(dot);
}

/** The columns that a filter names, in the order of its text. */
function columnsOf(filter: FilterExpression): FilterColumn[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands.flatMap(columnsOf);
    case "not":
      return columnsOf(filter.operand);
    case "comparison":
      return [filter.left, filter.right].filter(isColumnTerm);
    case "in":
      return [filter.column];
    default:
      return [filter.term].filter(isColumnTerm);
  }
}

function isColumnTerm(term: FilterTerm): term is FilterColumn {
  return term.kind === "column";
}
