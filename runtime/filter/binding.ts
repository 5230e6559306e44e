import { type ColumnType, printType } from "../columns/column-type.ts";
import type { BoundColumn } from "./bound-filter.ts";
import type { FilterColumn, FilterSpan } from "./filter-expression.ts";
import { excerpt, type FilterProblem, quoteColumn, type Wording } from "./filter-problem.ts";
import { resolveColumn } from "./resolve-column.ts";

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
