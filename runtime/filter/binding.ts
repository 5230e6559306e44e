import { type ColumnType, printType } from "../columns/column-type.ts";
import type { BoundColumn } from "./bound-filter.ts";
import type { FilterColumn, FilterSpan } from "./filter-expression.ts";
import { excerpt, type FilterProblem, quoteColumn, type Wording } from "./filter-problem.ts";
import { suggest } from "./suggest.ts";

/** Columns, or members of a struct, by name. */
type Members = ReadonlyMap<string, ColumnType>;

type Path = BoundColumn["path"];

type Resolution = { readonly kind: "found"; readonly path: Path; readonly type: ColumnType } | Unresolved;

/** How far a name resolves: `rest` is not a member of the column at `path`. */
interface Unresolved {
  readonly kind: "missing";
  readonly path: readonly string[];
  readonly rest: string;
  /** The type at `path`, if it is not a struct. */
  readonly type?: ColumnType;
  readonly members: Members;
}

/** The column or struct member that a name refers to. A name with a dot is the column of that name, if one exists. */
function resolveColumn(
  column: FilterColumn,
  columns: Members,
): { readonly bound: BoundColumn; readonly type: ColumnType } | FilterProblem {
  const resolution = resolve(column.name, [], columns);
  return resolution.kind === "found"
    ? { bound: { kind: "column", path: resolution.path }, type: resolution.type }
    : unknownColumn(column, resolution);
}

function resolve(name: string, path: readonly string[], members: Members): Resolution {
  const type = members.get(name);
  if (type !== undefined) return { kind: "found", path: extend(path, name), type };
  let unresolved: Unresolved = { kind: "missing", path, rest: name, members };
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const inner = resolveMember(name.slice(0, dot), name.slice(dot + 1), path, members);
    if (inner?.kind === "found") return inner;
    unresolved = inner ?? unresolved;
  }
  return unresolved;
}

function resolveMember(
  head: string,
  rest: string,
  path: readonly string[],
  members: Members,
): Resolution | undefined {
  const type = members.get(head);
  if (type === undefined) return undefined;
  const headPath = extend(path, head);
  if (type.kind !== "struct") return { kind: "missing", path: headPath, rest, type, members: new Map() };
  return resolve(rest, headPath, new Map(type.members.map((member) => [member.name, member.type])));
}

function extend(path: readonly string[], name: string): Path {
  const [column, ...members] = path;
  return column === undefined ? [name] : [column, ...members, name];
}

function unknownColumn(column: FilterColumn, unresolved: Unresolved): FilterProblem {
  const owner = unresolved.path.join(".");
  const problem = { code: "unknown-column", at: column.at, name: column.name } as const;
  if (unresolved.type !== undefined)
    return {
      ...problem,
      message: `The column ${formatName(owner)} is ${excerpt(printType(unresolved.type))} and has no member ${formatName(unresolved.rest)}.`,
      hint: "Only a STRUCT has members that a filter can name.",
      type: printType(unresolved.type),
    };
  const message =
    owner === ""
      ? `Unknown column ${formatName(unresolved.rest)}.`
      : `The column ${formatName(owner)} has no member ${formatName(unresolved.rest)}.`;
  return { ...problem, message, hint: hintFor(column, unresolved) };
}

function hintFor(column: FilterColumn, { path, rest, members }: Unresolved): string {
  const names = [...members.keys()];
  const full = (name: string) => quoteColumn([...path, name].join("."));
  const [head = rest] = rest.split(".");
  const suggestion = suggestionHint(rest, names, full) ?? suggestionHint(head, names, full);
  const known = suggestion ?? listNames(names, path.length === 0 ? "Columns" : "Members");
  return column.quoted ? `If a string is meant, write it in single quotes. ${known}` : known;
}

function suggestionHint(
  written: string,
  names: readonly string[],
  full: (name: string) => string,
): string | undefined {
  const sameLetters = names.find((name) => name.toLowerCase() === written.toLowerCase());
  if (sameLetters !== undefined) return `Names are exact, capitals too: write ${full(sameLetters)}.`;
  const close = suggest(written, names);
  return close && `Did you mean ${full(close)}?`;
}

/** How many names a hint lists. */
const mostListed = 10;

function listNames(names: readonly string[], label: string): string {
  if (names.length === 0) return `${label}: none.`;
  const more = names.length > mostListed ? ` and ${names.length - mostListed} more` : "";
  return `${label}: ${names.slice(0, mostListed).map(formatName).join(", ")}${more}.`;
}

function formatName(name: string): string {
  return quoteColumn(excerpt(name));
}

/** A column that a filter names, with its type. */
export interface TypedColumn {
  readonly kind: "column";
  readonly bound: BoundColumn;
  readonly type: ColumnType;
  /** The name as the filter has it. */
  readonly name: string;
  readonly at: FilterSpan;
}

/** One run over a filter's tree: the columns that it may name, and all the problems found. */
export class Binding {
  readonly problems: FilterProblem[] = [];
  readonly #columns: ReadonlyMap<string, ColumnType>;

  constructor(columns: ReadonlyMap<string, ColumnType>) {
    this.#columns = columns;
  }

  /** The column of a name. Reports an unknown one, and returns `undefined`. */
  column(column: FilterColumn): TypedColumn | undefined {
    const resolution = resolveColumn(column, this.#columns);
    if ("bound" in resolution) return { kind: "column", ...resolution, name: column.name, at: column.at };
    return this.report(resolution);
  }

  /** Notes that a column's type does not fit. `verdict` is what follows from the type, as a clause. */
  reportMismatch(
    column: TypedColumn,
    { message: verdict, hint }: Required<Wording>,
    at: FilterSpan,
  ): undefined {
    const type = printType(column.type);
    const message = `The column ${quoteColumn(excerpt(column.name))} is ${excerpt(type)}: ${verdict}.`;
    return this.report({ code: "filter-type", message, at, hint, name: column.name, type });
  }

  report(problem: FilterProblem): undefined {
    this.problems.push(problem);
    return undefined;
  }
}
