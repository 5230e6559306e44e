import type { ColumnType } from "../../columns/column-type.ts";
import { type ColumnTexts, parsedColumns } from "../../columns/parsed-columns.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { printFilter } from "../../dialect/print-filter.ts";
import { quotePath } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import { type BoundFilter, compileFilter, type FilterProblem } from "../../filter/index.ts";
import type { Filter } from "../../store.ts";
import type { BindParameters } from "../bind-parameters.ts";

/** What run-time filters are checked against. */
export interface FilterTarget {
  /** Feature key, for messages. */
  readonly feature: string;
  /** Declared columns and their types. */
  readonly columns: ColumnTexts;
}

/** Filters as SQL conditions over the feature's columns, their literals bound as parameters. */
export function bindFilters(
  dialect: Dialect,
  filter: Filter | undefined,
  target: FilterTarget,
  parameters: BindParameters,
): string[] {
  const columns = new Map([...parsedColumns(target.columns)].map(([name, { type }]) => [name, type]));
  return compileFilters(filter, target.feature, columns).map((compiled) =>
    bindFilter(dialect, compiled, parameters),
  );
}

/** Filters checked against the columns that they may name. */
export function compileFilters(
  filter: Filter | undefined,
  feature: string,
  columns: ReadonlyMap<string, ColumnType>,
): BoundFilter[] {
  return filterTexts(filter).map((text) => {
    const compiled = compileFilter(text, columns);
    if (!compiled.ok) throw refusal(text, feature, compiled.problems);
    return compiled.value;
  });
}

/** SQL condition of a filter, its literals bound as parameters. */
export function bindFilter({ values }: Dialect, filter: BoundFilter, parameters: BindParameters): string {
  return printFilter(filter, {
    column: quotePath,
    literal: ({ type, text }) => values.cast(parameters.add(text), values.scalars[type].type),
  });
}

/** Filters as a list of texts. */
export function filterTexts(filter: Filter | undefined): readonly string[] {
  if (filter === undefined) return [];
  return typeof filter === "string" ? [filter] : filter;
}

function refusal(text: string, feature: string, problems: readonly FilterProblem[]): InputError {
  const [first] = problems;
  const oneLine = text.replace(/\s/g, " ");
  const lines = problems.map(({ message, at, hint }) => {
    const caret = `${" ".repeat(at.start)}${"^".repeat(Math.max(1, at.end - at.start))}`;
    return `  ${oneLine}\n  ${caret} ${message}${hint === undefined ? "" : ` ${hint}`}`;
  });
  return new InputError(
    first?.code ?? "filter-syntax",
    `This filter on ${feature} can't be used:\n${lines.join("\n")}`,
    { feature, filter: text, problems },
  );
}
