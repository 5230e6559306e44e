import { DuckDBListValue, DuckDBMapValue, DuckDBStructValue, type DuckDBValue } from "@duckdb/node-api";
import type { ColumnType, StructMember } from "../../columns/column-type.ts";
import { buildObjects } from "../../columns/values/build-objects.ts";
import { parseJson } from "../../columns/values/parse-json.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { Block, BlockReader, BlockSource } from "../../engine/engine.ts";
import { isStoreError, StoreError } from "../../errors.ts";
import type { Session } from "../session.ts";
import { type ColumnCodec, listCodec, textCodec } from "./block-codecs.ts";
import { type Decode, scalarCodecs } from "./scalar-codecs.ts";

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

/** How a column crosses by the block, `sql` being the column or a part of it. */
function columnCodec(type: ColumnType, sql: string): ColumnCodec {
  switch (type.kind) {
    case "scalar":
      return scalarCodecs[type.name].block(sql);
    case "json":
      return textCodec(sql, `${sql}::VARCHAR`, parseJson);
    case "struct":
      return structCodec(type.members, sql);
    case "list":
      // JSON has texts as they are, and one text costs less than many.
      return type.items.kind === "scalar" && type.items.name === "VARCHAR"
        ? textCodec(sql, `to_json(${sql})::VARCHAR`, JSON.parse)
        : listCodec(sql, decodeEach(type));
    case "map":
      return listCodec(sql, decodeEach(type));
  }
}

function decodeEach(type: ColumnType): (values: readonly DuckDBValue[]) => unknown[] {
  const decode = decoderOf(type);
  return (values) => values.map(decode);
}

function structCodec(members: readonly StructMember[], sql: string): ColumnCodec {
  const codecs = members.map(({ name, type }) => columnCodec(type, `(${sql}).${quoteIdentifier(name)}`));
  const starts = codecs.map((_, index) =>
    codecs.slice(0, index).reduce((sum, { parts }) => sum + parts.length, 1),
  );
  const build = buildObjects(members.map(({ name }) => name));
  return {
    parts: [
      `string_agg(CASE WHEN ${sql} IS NULL THEN '0' ELSE '1' END, '')`,
      ...codecs.flatMap(({ parts }) => parts),
    ],
    bytes: codecs.flatMap(({ bytes }) => bytes),
    decode: (parts, rows) => {
      const present = String(parts[0]);
      const columns = codecs.map((codec, index) =>
        codec.decode(parts.slice(starts[index], (starts[index] ?? 0) + codec.parts.length), rows),
      );
      if (!columns.every((column) => column !== undefined)) return undefined;
      const objects: unknown[] = build(columns, rows);
      return present.includes("0")
        ? objects.map((value, row) => (present[row] === "0" ? null : value))
        : objects;
    },
    unbounded: codecs.some(({ unbounded }) => unbounded),
  };
}

/** The decoder of a column; null stays null. */
function decoderOf(type: ColumnType): Decode {
  const decode = decodePresent(type);
  return (value) => (value === null ? null : decode(value));
}

function decodePresent(type: ColumnType): Decode {
  switch (type.kind) {
    case "scalar":
      return scalarCodecs[type.name].decode;
    case "json":
      return (value) => parseJson(String(value));
    case "list": {
      const decode = decoderOf(type.items);
      return (value) => (value instanceof DuckDBListValue ? value.items.map(decode) : value);
    }
    case "map": {
      const decode = decoderOf(type.values);
      return (value) =>
        value instanceof DuckDBMapValue
          ? Object.fromEntries(value.entries.map((entry) => [String(entry.key), decode(entry.value)]))
          : value;
    }
    case "struct": {
      const members = type.members.map((member) => [member.name, decoderOf(member.type)] as const);
      return (value) =>
        value instanceof DuckDBStructValue
          ? Object.fromEntries(members.map(([name, decode]) => [name, decode(value.entries[name] ?? null)]))
          : value;
    }
  }
}
