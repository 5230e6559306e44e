/**
 * How an engine tells the rows that were appended to a table later from those that it held before.
 *
 * A table is read as a log: rows are appended, and an *offset* says how far it was read. What an offset is belongs to the
 * engine: a row position in a DuckDB file, a snapshot in a lake, a block number in ClickHouse. All functions are pure text,
 * conditions or aggregates over the rows of one table.
 */
export interface SourceLog {
  /** Name of the column that carries the offset of a row. A user's column of that name, in any case, hides it. */
  readonly column: string;
  /** SQL that carries the offset along, behind SELECT: a subquery has it under {@link column} again. */
  readonly carried: string;
  /** Condition: the row is newer than everything below the offset. */
  since(offset: bigint | string): string;
  /** Condition: the row lies below the offset. */
  before(offset: bigint | string): string;
  /** Condition: the row is the last one below the offset. */
  isTail(offset: bigint | string): string;
  /** Aggregate: the offset behind all rows, NULL for none. */
  readonly end: string;
  /** Aggregate: the offset of the last row, NULL for none. */
  readonly last: string;
  /** Condition: the row has the highest offset of all rows with equal `key` columns, as quoted names. */
  isLastOf(key: readonly string[]): string;
  /** Numbers for rows that have no offset, in the order in which one statement scans them. */
  readonly numbered: string;
}
