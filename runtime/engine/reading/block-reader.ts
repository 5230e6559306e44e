import type { DuckDBValue } from "@duckdb/node-api";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { ColumnCodec } from "../../duckdb/transfer/block-codecs.ts";
import { columnCodec } from "../../duckdb/transfer/column-codec.ts";
import { decoderOf } from "../../duckdb/transfer/decode-value.ts";
import type { Decode } from "../../duckdb/transfer/scalar-codecs.ts";
import { isStoreError, StoreError } from "../../errors.ts";
import type { ReadColumn } from "./read-columns.ts";
import type { RowTable } from "./row-table.ts";

/** Some rows of a table, by column. */
export interface Block {
  readonly rows: number;
  /** Column of the table → its values. */
  readonly values: ReadonlyMap<string, readonly unknown[]>;
}

/** Rows per block: DuckDB keeps rows in groups of 122,880, and a block that lies in one is read in order. */
const maxBlockRows = 15_360;

/** Rows per block where values may be of any size. */
const maxUnboundedBlockRows = 2048;

/** Bytes of text above which a block is read with fewer rows. */
const maxBlockTextBytes = 32 * 1024 * 1024;

interface StoredColumn {
  readonly name: string;
  readonly codec: ColumnCodec;
  /** Where its parts begin among those of all columns. */
  readonly start: number;
  readonly decode: Decode;
}

/** Reads blocks of some columns of a table. */
export class BlockReader {
  readonly #columns: readonly StoredColumn[];
  /** How many rows a block should have. */
  readonly size: number;

  readonly #what: string;

  /** `what` names the rows in messages. */
  constructor(columns: readonly ReadColumn[], what: string) {
    this.#what = what.replace(/^R/, "r");
    const stored = new Map(columns.map(({ name, from, type }) => [from ?? name, type]));
    let start = 0;
    this.#columns = [...stored].map(([name, type]) => {
      const codec = columnCodec(type, quoteIdentifier(name));
      const column = { name, codec, start, decode: decoderOf(type) };
      start += codec.parts.length;
      return column;
    });
    this.size = this.#columns.some(({ codec }) => codec.unbounded) ? maxUnboundedBlockRows : maxBlockRows;
  }

  /** Up to `rows` rows from `start` on: fewer where they are heavy, at least one. */
  async read(table: RowTable, start: number, rows: number): Promise<Block> {
    const [order, bytes, ...parts] = await this.#parts(table, start, rows);
    if (rows > 1 && Number(bytes) > maxBlockTextBytes) {
      const fewer = Math.floor((rows * maxBlockTextBytes) / Number(bytes));
      return this.read(table, start, Math.max(1, Math.min(fewer, rows - 1)));
    }
    const values = new Map<string, readonly unknown[]>();
    const undecoded: StoredColumn[] = [];
    for (const column of this.#columns) {
      const own = parts.slice(column.start, column.start + column.codec.parts.length);
      const decoded =
        order === rowNumbers(rows)
          ? this.#withColumnName(column, () => column.codec.decode(own, rows))
          : undefined;
      if (decoded === undefined) undecoded.push(column);
      else values.set(column.name, decoded);
    }
    if (undecoded.length > 0) await this.#readEach(table, start, rows, undecoded, values);
    return { rows, values };
  }

  async #parts(table: RowTable, start: number, rows: number): Promise<readonly DuckDBValue[]> {
    const bytes = this.#columns.flatMap(({ codec }) => codec.bytes.map((sql) => `coalesce(${sql}, 0)`));
    const aggregates = [
      `string_agg((rowid - ${start})::VARCHAR, ' ')`,
      `(${["0", ...bytes].join(" + ")})::DOUBLE`,
      ...this.#columns.flatMap(({ codec }) => codec.parts),
    ];
    const sql = `SELECT ${aggregates.join(", ")} FROM ${range(table, start, rows)}`;
    const { session } = table;
    const read = await session.exclusive(() => session.read(sql));
    return read.getRows()[0] ?? [];
  }

  /** Reads columns value by value. */
  async #readEach(
    table: RowTable,
    start: number,
    rows: number,
    columns: readonly StoredColumn[],
    values: Map<string, readonly unknown[]>,
  ): Promise<void> {
    const names = columns.map(({ name }) => quoteIdentifier(name)).join(", ");
    const { session } = table;
    const sql = `SELECT ${names} FROM ${range(table, start, rows)}`;
    const read = (await session.exclusive(() => session.read(sql))).getColumns();
    for (const [index, column] of columns.entries())
      values.set(
        column.name,
        this.#withColumnName(column, () => (read[index] ?? []).map(column.decode)),
      );
  }

  /** What can't be read is reported with its column: a value does not know where it is stored. */
  #withColumnName<T>({ name }: StoredColumn, decode: () => T): T {
    try {
      return decode();
    } catch (error) {
      if (!isStoreError(error)) throw error;
      throw new StoreError(
        error.code,
        `${error.message} It is in ${name} of ${this.#what}.`,
        { ...error.facts, column: name },
        error,
      );
    }
  }
}

function range({ table }: RowTable, start: number, rows: number): string {
  return `${table} WHERE rowid >= ${start} AND rowid < ${start + rows}`;
}

let lastNumbers = { rows: 0, text: "" };

/** `0 1 2 …`: what the row numbers of a block say when it was aggregated in order. */
function rowNumbers(rows: number): string {
  if (lastNumbers.rows !== rows)
    lastNumbers = { rows, text: Array.from({ length: rows }, (_, row) => row).join(" ") };
  return lastNumbers.text;
}
