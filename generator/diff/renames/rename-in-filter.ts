import type {
  FilterColumn,
  FilterExpression,
  FilterTerm,
} from "../../../runtime/filter/filter-expression.ts";
import { parseFilter } from "../../../runtime/filter/parse-filter.ts";

/** The text of a filter with other names of columns: name before → name now. What can't be read stays as it is. */
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

/** A dotted name is the column of that name, else a member of a struct. */
function renameColumn(name: string, names: ReadonlyMap<string, string>): string {
  const dot = name.indexOf(".");
  const column = dot === -1 ? undefined : names.get(name.slice(0, dot));
  return names.get(name) ?? (column === undefined ? name : column + name.slice(dot));
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The columns that a filter names, in the order of its text. */
export function columnsOf(filter: FilterExpression): FilterColumn[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.operands.flatMap(columnsOf);
    case "not":
      return columnsOf(filter.operand);
    case "comparison":
      return [filter.left, filter.right].filter(isColumn);
    case "in":
      return [filter.column];
    default:
      return [filter.term].filter(isColumn);
  }
}

function isColumn(term: FilterTerm): term is FilterColumn {
  return term.kind === "column";
}
