import type { EngineName } from "../contract.ts";
import type { SourceLog } from "./source-log.ts";
import type { ValueDialect } from "./value-dialect.ts";

/**
 * How an engine spells relations: what the algorithm needs beyond standard SQL.
 *
 * Every function is pure text; no driver is behind it. Names are passed unquoted where a parameter is called `name` or
 * `names`; everything else is SQL. What standard SQL spells the same everywhere is not here: SELECT, JOIN, GROUP BY, CASE,
 * `coalesce`, `IS DISTINCT FROM`, `greatest`.
 */
export interface Dialect {
  /** The engine that reads it; modules carry their plan's SQL under this name. */
  readonly name: EngineName;
  /** Values: types, casts, structs, lists, maps, JSON. */
  readonly values: ValueDialect;
  /** Offsets of rows in a table that is read as a log. */
  readonly log: SourceLog;

  /** The qualified name of a temporary table, which belongs to one session. */
  tempName(name: string): string;
  /** Creates a temporary table of the rows of a query; `ifMissing` leaves an existing one as it is. */
  createTemp(name: string, query: string, mode?: "new" | "replace" | "ifMissing"): string;
  /** Creates an empty temporary table; `columns` are quoted names with their types. */
  createEmptyTemp(name: string, columns: readonly string[]): string;
  /** Creates a view that belongs to one session. It takes no parameters. */
  createTempView(name: string, query: string): string;
  /** Replaces such a view by a temporary table of its rows, under the same name. */
  materializeView(name: string): string;
  /** Changes the type of a column, such that the change survives the end of the process. */
  alterType(table: string, column: string, type: string): string;
  /** Appends the rows of a query to a table, matching columns by name; columns that the query lacks become NULL. */
  insertByName(table: string, query: string): string;

  /** The query's first row of each partition. `from` goes behind FROM; `partition` are quoted names. */
  firstOfEach(select: string, from: string, partition: readonly string[], order: string): string;
  /** The query's rows of each partition but the first. */
  othersOfEach(select: string, from: string, partition: readonly string[], order: string): string;
  /** Rows of one query that satisfy a condition over window functions. */
  whereWindow(query: string, condition: string): string;
  /** The join that keeps rows of the left side with a match; `relation` has its alias. */
  semiJoin(relation: string, condition: string): string;
  /** The join that keeps rows of the left side without a match. */
  antiJoin(relation: string, condition: string): string;
  /** All columns of a relation, some left out and some replaced by other SQL, behind SELECT. */
  allColumns(change: {
    readonly of?: string;
    readonly except?: readonly string[];
    readonly replaced?: readonly (readonly [name: string, sql: string])[];
  }): string;

  /** Aggregate: how many rows satisfy a condition. */
  countIf(condition: string): string;
  /** Aggregate: whether a row satisfies a condition. */
  anyTrue(condition: string): string;
  /** Aggregate: whether all rows that satisfy `where` satisfy a condition; NULL for none. */
  allTrue(condition: string, where: string): string;
  /** Aggregate: the value of some row. */
  anyValue(value: string): string;
  /** Aggregate: the greatest value of the rows that satisfy `where`. */
  maxWhere(value: string, where: string): string;

  /** A 64-bit hash of columns, equal for equal ids; it never leaves the session. */
  idHash(columns: readonly string[]): string;
  /** Several values as one, for comparing. */
  tuple(values: readonly string[]): string;
  /** A list of those of some texts that are not NULL. */
  presentTexts(texts: readonly string[]): string;
  /** An empty list of texts. */
  readonly noTexts: string;
  /** A text that compares by its bytes, whatever the collation of its column. */
  binaryText(text: string): string;
  /** A stable fingerprint of a text, the same in every version of the engine. */
  fingerprint(text: string): string;
  /** Texts, one after the other; NULL counts as empty. */
  concat(texts: readonly string[]): string;
  /** Aggregate: the texts of a group joined by `|` in the order of other columns; NULL is left out. */
  orderedConcat(order: readonly string[], text: string): string;
  /** Texts joined by `|`; NULL is left out. */
  joinedTexts(texts: readonly string[]): string;
  /** The store's hash of a text, cut to the project's length (docs/semantics.md, section 3). */
  sampleHash(text: string): string;

  /** The time at some microseconds since 1970. */
  timeAt(microseconds: bigint | string): string;
  /** The type of times without a zone, in UTC, as other programs store them. */
  readonly wallTimeType: string;
  /** Such a time at some microseconds since 1970. */
  wallTimeAt(microseconds: bigint): string;
  /** The microseconds since 1970 of a time, with a zone or without. */
  microseconds(time: string): string;
  /** The time that is later than every other. */
  readonly endOfTime: string;
  /** The time that is earlier than every other. */
  readonly startOfTime: string;
}
