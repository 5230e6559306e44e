import type { DuckDBValue } from "@duckdb/node-api";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { Block, BlockReader, BlockSource } from "../../engine/engine.ts";
import { isStoreError, StoreError } from "../../errors.ts";
import type { Session } from "../session.ts";
import type { ColumnCodec } from "./block-codecs.ts";
import { columnCodec } from "./column-codec.ts";
import { decoderOf } from "./decode-value.ts";
import type { Decode } from "./scalar-codecs.ts";

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

/** Reads blocks of a temporary table. */
export class DuckBlockReader implements BlockReader {
  readonly size: number;
  readonly #session: Session;
  readonly #table: string;
  readonly #what: string;
  readonly #columns: readonly StoredColumn[];

  constructor(session: Session, { table, columns, what }: BlockSource) {
    this.#session = session;
    this.#table = table;
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

  async read(start: number, rows: number): Promise<Block> {
    const [order, bytes, ...parts] = await this.#parts(start, rows);
    if (rows > 1 && Number(bytes) > maxBlockTextBytes) {
      const fewer = Math.floor((rows * maxBlockTextBytes) / Number(bytes));
      return this.read(start, Math.max(1, Math.min(fewer, rows - 1)));
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
    if (undecoded.length > 0) await this.#readEach(start, rows, undecoded, values);
    return { rows, values };
  }

  async #parts(start: number, rows: number): Promise<readonly DuckDBValue[]> {
    const bytes = this.#columns.flatMap(({ codec }) => codec.bytes.map((sql) => `coalesce(${sql}, 0)`));
    const aggregates = [
      `string_agg((rowid - ${start})::VARCHAR, ' ')`,
      `(${["0", ...bytes].join(" + ")})::DOUBLE`,
      ...this.#columns.flatMap(({ codec }) => codec.parts),
    ];
    const sql = `SELECT ${aggregates.join(", ")} FROM ${this.#range(start, rows)}`;
    const read = await this.#session.exclusive(() => this.#session.read(sql));
    return read.getRows()[0] ?? [];
  }

  /** Reads columns value by value. */
  async #readEach(
    start: number,
    rows: number,
    columns: readonly StoredColumn[],
    values: Map<string, readonly unknown[]>,
  ): Promise<void> {
    const names = columns.map(({ name }) => quoteIdentifier(name)).join(", ");
    const sql = `SELECT ${names} FROM ${this.#range(start, rows)}`;
    const read = (await this.#session.exclusive(() => this.#session.read(sql))).getColumns();
    for (const [index, column] of columns.entries())
      values.set(
        column.name,
        this.#withColumnName(column, () => (read[index] ?? []).map(column.decode)),
      );
  }

  #range(start: number, rows: number): string {
    return `${this.#table} WHERE rowid >= ${start} AND rowid < ${start + rows}`;
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

let lastNumbers = { rows: 0, text: "" };

/** `0 1 2 …`: what the row numbers of a block say when it was aggregated in order. */
function rowNumbers(rows: number): string {
  if (lastNumbers.rows !== rows)
    lastNumbers = { rows, text: Array.from({ length: rows }, (_, row) => row).join(" ") };
  return lastNumbers.text;
}
