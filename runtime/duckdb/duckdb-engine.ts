import type { Engine, EngineSession } from "../engine/engine.ts";
import type { HashAlgorithm } from "../hash-algorithm.ts";
import type { OpenDatabase } from "./open-database.ts";
import { defineMacros } from "./sample-hash.ts";
import type { Session } from "./session.ts";
import { heldWrites, queuedCheckpoint, queuedWrite } from "./write-queue.ts";

/** What a DuckDB database is opened as. */
export interface OpenedDatabase {
  readonly opened: OpenDatabase;
  /** The session that opened it, which stays until it is closed. */
  readonly session: Session;
  /** Real path, or another name that no other database of the process has. */
  readonly path: string;
  readonly algorithm: HashAlgorithm;
}

/**
 * Rows of a row group. A transaction that appends one writes it straight into the file; fewer rows go through the
 * write-ahead log, and each 16 MB of that cost a checkpoint.
 */
const rowGroup = 122_880;

/** DuckDB as an engine: the sessions of one database, and the queue of its writes. */
export class DuckEngine implements Engine {
  readonly name = "duckdb";
  readonly batchRows: number = rowGroup;
  readonly #database: OpenedDatabase;

  constructor(database: OpenedDatabase) {
    this.#database = database;
  }

  async connect(hashLength: number): Promise<EngineSession> {
    const { opened, algorithm } = this.#database;
    const session = await opened.connect();
    await defineMacros(session, algorithm, hashLength);
    return session;
  }

  write<T>(session: EngineSession, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return queuedWrite(this.#database.path, session, work, signal);
  }

  holdWrites<T>(work: () => Promise<T>): Promise<T> {
    return heldWrites(this.#database.path, work);
  }

  compact(session: EngineSession): Promise<void> {
    return queuedCheckpoint(this.#database.path, session);
  }

  async close(): Promise<void> {
    await this.#database.session.close();
    await this.#database.opened.close();
  }
}
