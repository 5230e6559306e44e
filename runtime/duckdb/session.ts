import type { DuckDBConnection, DuckDBResultReader, DuckDBValue } from "@duckdb/node-api";
import type { StoredColumns } from "../columns/stored-type.ts";
import type { Dialect } from "../dialect/dialect.ts";
import { duckdbDialect } from "../dialect/duckdb.ts";
import type {
  Bindings,
  BlockReader,
  BlockSource,
  EngineCatalog,
  EngineFiles,
  EngineSession,
  FallbackDatabase,
  ResultRow,
  RowStage,
  StagedColumn,
} from "../engine/engine.ts";
import { InputError, StoreError } from "../errors.ts";
import { DuckCatalog } from "./catalog.ts";
import { DuckFiles } from "./files/duckdb-files.ts";
import { storedTypeOf } from "./stored-type.ts";
import { brokenView } from "./table-errors.ts";
import { DuckBlockReader } from "./transfer/duckdb-block-reader.ts";
import { encoderOf } from "./transfer/encode-value.ts";
import { TextStage } from "./transfer/text-stage.ts";
import { ValueStage } from "./transfer/value-stage.ts";
import { missingTable, translateError } from "./translate-error.ts";

/** What a session knows of its database. */
export interface SessionFacts {
  readonly collatedTables?: ReadonlySet<string>;
  readonly fallbacks?: readonly FallbackDatabase[];
}

/**
 * A connection that runs one piece of work at a time, and whose failures are said in our words.
 *
 * Temporary tables and macros belong to it, so what has to see them runs here.
 */
export class Session implements EngineSession {
  readonly #connection: DuckDBConnection;
  readonly #database: string;
  readonly dialect: Dialect = duckdbDialect;
  readonly catalog: EngineCatalog;
  readonly fallbacks: readonly FallbackDatabase[];
  readonly files: EngineFiles;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;
  #onClose: () => void = () => undefined;
  #failedInTransaction: boolean | undefined;

  /** `database` is what messages call the store. */
  constructor(
    connection: DuckDBConnection,
    database: string,
    { collatedTables = new Set(), fallbacks = [] }: SessionFacts = {},
  ) {
    this.#connection = connection;
    this.fallbacks = fallbacks;
    this.catalog = new DuckCatalog(this, collatedTables);
    this.files = new DuckFiles(this);
    this.#database = database;
  }

  get connection(): DuckDBConnection {
    return this.#connection;
  }

  get database(): string {
    return this.#database;
  }

  /** Runs `work` when all earlier work of this session is done. */
  exclusive<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const result = this.#last.then(async () => {
      this.#assertOpen();
      return signal === undefined ? work() : this.#interruptible(work, signal);
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Runs one statement. Gives how many rows it inserted or deleted. */
  async run(sql: string, bindings?: Bindings): Promise<number> {
    return (await this.#guarded(() => this.#connection.run(sql, bound(bindings)))).rowsChanged;
  }

  /** Runs one statement and reads all of its rows. */
  async read(sql: string, bindings?: Bindings): Promise<DuckDBResultReader> {
    return this.#guarded(() => this.#connection.runAndReadAll(sql, bound(bindings)));
  }

  /** Rows of one statement as objects. */
  async rows(sql: string, bindings?: Bindings): Promise<ResultRow[]> {
    return (await this.read(sql, bindings)).getRowObjects();
  }

  /**
   * Columns of a table and their types, looked up without reading a row; undefined where there is no such table.
   *
   * To prepare a statement costs a tenth of asking the catalog, and its failure leaves a transaction as it was.
   */
  async columnsOf(table: string): Promise<StoredColumns | undefined> {
    try {
      const statement = await this.#connection.prepare(`FROM ${table}`);
      const columns = Array.from(
        { length: statement.columnCount },
        (_, index) => [statement.columnName(index), storedTypeOf(statement.columnType(index))] as const,
      );
      statement.destroySync();
      return new Map(columns);
    } catch (error) {
      const missing = missingTable(error);
      if (missing === undefined) return this.#guarded(() => Promise.reject(error));
      const name = tableName(table);
      // DuckDB suggests the name itself if the table of another schema is missing.
      const isSuggested = error instanceof Error && error.message.includes(`.${name}"`);
      if (name === missing && !(isSuggested && (await this.catalog.isView(name)))) return undefined;
      throw brokenView(name, missing, this.#database, error);
    }
  }

  /** Whether a statement can be prepared; a failure leaves a transaction as it was. */
  async canPrepare(sql: string): Promise<boolean> {
    try {
      (await this.#connection.prepare(sql)).destroySync();
      return true;
    } catch {
      return false;
    }
  }

  async hasOffsets(relation: string): Promise<boolean> {
    return this.canPrepare(`SELECT rowid FROM ${relation}`);
  }

  /** Runs work other than SQL on the connection, as the appender does. */
  async attempt<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#guarded(async () => work());
  }

  /**
   * Runs `work` in a transaction: all of it, or nothing.
   *
   * DuckDB answers OK to the COMMIT of an aborted transaction, and discards everything. So after any failed statement
   * the transaction is rolled back, even if `work` swallowed the error.
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.run("BEGIN TRANSACTION");
    this.#failedInTransaction = false;
    try {
      const result = await work();
      if (this.#failedInTransaction) {
        throw new StoreError(
          "database",
          `A statement failed inside a transaction of ${this.#database}, so nothing of it was kept.`,
          { database: this.#database },
        );
      }
      await this.run("COMMIT");
      return result;
    } catch (error) {
      await this.#connection.run("ROLLBACK").catch(() => undefined);
      throw error;
    } finally {
      this.#failedInTransaction = undefined;
    }
  }

  /** Opens a new temporary table for rows from JavaScript. Takes the session piece by piece. */
  async openStage(table: string, columns: readonly StagedColumn[]): Promise<RowStage> {
    // Joined texts are three times as fast; lists and maps have none.
    return (await TextStage.open(this, table, columns)) ?? (await ValueStage.open(this, table, columns));
  }

  /** Reads a temporary table whose rows lie in order, by the block. Takes the session block by block. */
  blockReader(source: BlockSource): BlockReader {
    return new DuckBlockReader(this, source);
  }

  /** Calls `listener` when the session closes. */
  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  /** Waits for running work, then closes the connection. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#last;
    this.#connection.closeSync();
    this.#onClose();
  }

  #assertOpen(): void {
    if (this.#closed) {
      throw new StoreError("closed", `${this.#database} is closed: open the store, or resolve, again.`, {
        database: this.#database,
      });
    }
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (this.#failedInTransaction === false) this.#failedInTransaction = true;
      throw translateError(error, this.#database);
    }
  }

  async #interruptible<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const interrupt = () => this.#connection.interrupt();
    if (signal.aborted) throw new InputError("cancelled", "The work was cancelled.", {}, signal.reason);
    signal.addEventListener("abort", interrupt);
    try {
      return await work();
    } finally {
      signal.removeEventListener("abort", interrupt);
    }
  }
}

/** The table of a relation, without its schema and without quotes. */
function tableName(relation: string): string {
  const [, quoted, plain] = /(?:"((?:[^"]|"")*)"|(\w+))$/.exec(relation) ?? [];
  return quoted?.replaceAll('""', '"') ?? plain ?? relation;
}

function bound(bindings: Bindings | undefined): DuckDBValue[] | Record<string, DuckDBValue> | undefined {
  if (bindings === undefined) return undefined;
  const bind = (value: unknown) => (value instanceof Date ? encodeTime(value) : (value as DuckDBValue));
  if (Array.isArray(bindings)) return bindings.map(bind);
  return Object.fromEntries(Object.entries(bindings).map(([name, value]) => [name, bind(value)]));
}

const encodeTime = encoderOf({ kind: "scalar", name: "TIMESTAMPTZ" });
