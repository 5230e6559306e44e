import type { ColumnType } from "../columns/column-type.ts";
import type { StoredColumns } from "../columns/stored-type.ts";
import type { EngineName } from "../contract.ts";
import type { Dialect } from "../dialect/dialect.ts";
import type { ExportResult } from "../files.ts";
import type { HashAlgorithm } from "../hash-algorithm.ts";

/** A value that can be bound to a parameter of a statement; a `Date` is a time with microseconds. */
export type BoundValue = string | number | bigint | boolean | null | object;

/** Values of `$1`, `$2`, … or of `$name`. */
export type Bindings = readonly BoundValue[] | Readonly<Record<string, BoundValue>>;

/** A row of a statement: column → value, 64-bit integers as bigint. */
export type ResultRow = Readonly<Record<string, unknown>>;

/**
 * A connection to an engine, as the algorithm sees it: it runs one piece of work at a time, temporary tables belong to it,
 * and its failures are Stemma's error classes.
 */
export interface EngineSession {
  /** What messages call the store. */
  readonly database: string;
  /** How the engine spells SQL. */
  readonly dialect: Dialect;

  /** Runs `work` when all earlier work of this session is done. `signal` interrupts it. */
  exclusive<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Runs `work` as one: all of it, or nothing, and what it reads is one state of the database. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Runs statements. Returns how many rows the last one inserted or deleted. */
  run(sql: string, bindings?: Bindings): Promise<number>;
  /** Returns the rows of one statement. */
  rows(sql: string, bindings?: Bindings): Promise<ResultRow[]>;

  /** The columns of a relation and their types, without reading a row; undefined where it does not exist. */
  columnsOf(relation: string): Promise<StoredColumns | undefined>;
  /** Whether the rows of a relation have offsets, as {@link SourceLog} reads them; a view's have none. */
  hasOffsets(relation: string): Promise<boolean>;
  /** Other databases from which features are read that this one lacks, in the order in which they are asked. */
  readonly fallbacks: readonly FallbackDatabase[];
  /** What the database knows of its tables beyond their columns. */
  readonly catalog: EngineCatalog;
  /** Files that the database reads and writes by itself. */
  readonly files: EngineFiles;

  /** Opens a new temporary table for rows from JavaScript. Takes the session piece by piece. */
  openStage(table: string, columns: readonly StagedColumn[]): Promise<RowStage>;
  /** Reads a temporary table whose rows lie in order, by the block. Takes the session block by block. */
  blockReader(source: BlockSource): BlockReader;

  /** Calls `listener` when the session closes. */
  onClose(listener: () => void): void;
  /** Waits for running work, then closes the connection. */
  close(): Promise<void>;
}

/** A database that is only read, for features that the store lacks. */
export interface FallbackDatabase {
  /** What messages call it. */
  readonly database: string;
  /** SQL of the schema in which its tables lie, as the session names it. */
  readonly schema: string;
}

/** A column of rows that come in. */
export interface StagedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Takes rows value by value, and brings them into a temporary table by the block. */
export interface RowStage {
  /** Takes the value of a column of the row; throws a `WrongValue` where it does not fit. */
  put(column: number, value: unknown): void;
  endRow(): void;
  /** Whether the block is to be flushed before another row is taken. */
  readonly isFull: boolean;
  /** Sends the block; waits for the one before it, so that one is filled while another is written. */
  flush(): Promise<void>;
  /** Waits until all blocks are written, or those that were sent before something failed. */
  close(): Promise<void>;
}

/** A column of rows that are read. */
export interface ReadColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** The column that holds the values, where another one has the same. */
  readonly from?: string;
}

/** Some rows of a table, by column. */
export interface Block {
  readonly rows: number;
  /** Column of the table → its values. */
  readonly values: ReadonlyMap<string, readonly unknown[]>;
}

/** Reads blocks of some columns of a temporary table, whose rows lie in order. */
export interface BlockReader {
  /** How many rows a block should have. */
  readonly size: number;
  /** Up to `rows` rows from `start` on: fewer where they are heavy, at least one. */
  read(start: number, rows: number): Promise<Block>;
}

/** What a reader of blocks reads. */
export interface BlockSource {
  /** Quoted name of the table. */
  readonly table: string;
  readonly columns: readonly ReadColumn[];
  /** What messages call the rows. */
  readonly what: string;
}

/** What a database knows of the tables of features beyond their columns. Tables are named without schema or quotes. */
export interface EngineCatalog {
  /** Whether any table of the database has a column of this name. */
  hasColumn(column: string): Promise<boolean>;
  /** Whether a column of the table has a collation, under which values that differ compare as equal. */
  isCollated(table: string): boolean;
  /** Whether the name is that of a view, in any case. */
  isView(table: string): Promise<boolean>;
  /** Columns that have a default, or that the engine computes from others. */
  columnsWithDefault(table: string): Promise<string[]>;
  /** Columns that the engine computes from others: nothing can be written to them. */
  computedColumns(table: string): Promise<string[]>;
  /** Kinds of constraints and names of indexes that the table has. */
  constraintsOf(table: string): Promise<string[]>;
}

/** Formats of files. */
export type FileFormat = "parquet" | "csv" | "json";

/** Files whose rows are read. */
export interface FileSource {
  readonly format: FileFormat;
  /** As {@link EngineFiles.find} gave them. */
  readonly files: readonly string[];
  /** The character between two values of a CSV file. */
  readonly delimiter: string;
}

/** A file that is written. */
export interface FileTarget {
  readonly format: FileFormat;
  /** JSON: an object a line, not an array. */
  readonly byLine: boolean;
  readonly isCompressed: boolean;
  readonly file: string;
  readonly overwrite: boolean;
}

/** Files that an engine reads and writes, so that no row of them passes through JavaScript. */
export interface EngineFiles {
  /** The files that paths and patterns name; refuses what does not exist and what is not a file. */
  find(paths: readonly string[]): Promise<string[]>;
  /**
   * SQL of the rows of files, to stand behind FROM: in Parquet with the types of the file, in CSV as texts, in JSON as
   * one column `json` with the text of each value. Nothing is guessed. Within `exclusive`.
   */
  rowsOf(source: FileSource): Promise<string>;
  /** Refuses a target that can't be written. */
  check(target: FileTarget): Promise<void>;
  /** Writes the rows of a query to a file: all of them, or no file. Within `exclusive`. */
  write(query: string, target: FileTarget): Promise<ExportResult>;
  /** Runs work with a temporary folder, which is removed after it. */
  withFolder<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** What a failure in reading files is in our words; a failure of another kind as it is. */
  explain(error: unknown, source: FileSource): unknown;
}

/** A database of an engine, as a store uses it. */
export interface Engine {
  readonly name: EngineName;
  /** Rows that one write stores without a detour: the default batch of `store.process`. */
  readonly batchRows: number;
  /** Opens a session of its own, with the store's hash defined for a project's hash length. */
  connect(hashLength: number): Promise<EngineSession>;
  /** Runs a write in a transaction of a session, one at a time for the database; retries what another writer made fail. */
  write<T>(session: EngineSession, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /**
   * Holds back all other writes to the database while `work` runs. A {@link Engine.write} that `work` itself starts would
   * wait for its own end: it is refused with the code `nested-transaction`.
   */
  holdWrites<T>(work: () => Promise<T>): Promise<T>;
  /** Brings what was deleted for good out of the database's files, after earlier writes. */
  compact(session: EngineSession): Promise<void>;
  /** Closes the database, once all sessions are closed. */
  close(): Promise<void>;
}

/** A store that is open read-only, with an empty database in memory beside it: rows are written there, never to the store. */
export interface Sandbox {
  /** What messages call the store. */
  readonly database: string;
  readonly algorithm: HashAlgorithm;
  readonly stored: SandboxDatabase;
  readonly scratch: SandboxDatabase;
  close(): Promise<void>;
}

/** One of the two databases of a sandbox. */
export interface SandboxDatabase {
  /** The name of one of its tables, as sessions of both databases see it. */
  nameOf(table: string): string;
  /** Opens a session that sees its tables by their short names. */
  connect(hashLength: number): Promise<EngineSession>;
}
