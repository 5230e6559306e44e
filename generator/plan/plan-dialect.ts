import type { EngineName } from "../../runtime/contract.ts";
import { duckdbValues } from "../../runtime/dialect/duckdb-values.ts";
import { quoteIdentifier, quoteLiteral, quotePath } from "../../runtime/dialect/sql-text.ts";
import type { TypedLiteral } from "../../runtime/filter/index.ts";

/** What the SQL of a plan needs of an engine's dialect. */
export interface PlanDialect {
  quoteIdentifier(name: string): string;
  quoteLiteral(text: string): string;
  /** A column, or a member of the struct in it, in a condition. */
  path(path: readonly [column: string, ...members: string[]]): string;
  filterLiteral(literal: TypedLiteral): string;
  /** A member of a struct. */
  member(struct: string, name: string): string;
  /** The store's sample hash of a text. */
  hash(text: string): string;
  /** Texts, one after the other; null counts as empty. */
  concat(parts: readonly string[]): string;
  /** The values of a group joined by `|`, in the order of columns. */
  orderedConcat(orderBy: readonly string[], value: string): string;
  toInt64(sql: string): string;
  /** Whether the rows of a group differ in any of some values that are not null. */
  differ(values: readonly string[]): string;
}

/** The engines that have a dialect. */
export const engineNames: readonly EngineName[] = ["duckdb"];

/** The engines of a project that names none. */
export const defaultEngines: readonly EngineName[] = ["duckdb"];

/** The dialect of each engine. */
export const planDialects: { readonly [engine in EngineName]: PlanDialect } = {
  duckdb: {
    quoteIdentifier,
    quoteLiteral,
    path: quotePath,
    filterLiteral: ({ type, text }) => duckdbValues.literal(type, text),
    member: (struct, name) => `${struct}.${quoteIdentifier(name)}`,
    hash: (text) => `stemma_hash(${text})`,
    concat: (parts) => `concat(${parts.join(", ")})`,
    orderedConcat: (orderBy, value) => {
      const order = orderBy.length === 1 ? orderBy.join("") : `row(${orderBy.join(", ")})`;
      return `stemma_ordered_concat(${order}, ${value})`;
    },
    toInt64: (sql) => `${sql}::BIGINT`,
    differ: (values) => `count(DISTINCT row(${values.join(", ")})) > 1`,
  },
};

/** What `print` gives in the dialect of each of some engines. */
export function byEngine<Printed>(
  engines: readonly EngineName[],
  print: (dialect: PlanDialect) => Printed,
): { readonly [engine in EngineName]?: Printed } {
  return Object.fromEntries(engines.map((engine) => [engine, print(planDialects[engine])]));
}
