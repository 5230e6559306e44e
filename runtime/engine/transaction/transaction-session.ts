import type {
  Bindings,
  BlockReader,
  BlockSource,
  EngineSession,
  ResultRow,
  RowStage,
  StagedColumn,
} from "../engine.ts";

/**
 * The session of a transaction, as each of its operations sees it: what would be a transaction of its own runs in that
 * one, and closing leaves it open.
 */
export class TransactionSession implements EngineSession {
  readonly #session: EngineSession;
  readonly database: string;
  readonly dialect: EngineSession["dialect"];
  readonly catalog: EngineSession["catalog"];
  readonly fallbacks: EngineSession["fallbacks"];
  readonly files: EngineSession["files"];

  constructor(session: EngineSession) {
    this.#session = session;
    this.database = session.database;
    this.dialect = session.dialect;
    this.catalog = session.catalog;
    this.fallbacks = session.fallbacks;
    this.files = session.files;
  }

  exclusive<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#session.exclusive(work, signal);
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  run(sql: string, bindings?: Bindings): Promise<number> {
    return this.#session.run(sql, bindings);
  }

  rows(sql: string, bindings?: Bindings): Promise<ResultRow[]> {
    return this.#session.rows(sql, bindings);
  }

  columnsOf(relation: string): ReturnType<EngineSession["columnsOf"]> {
    return this.#session.columnsOf(relation);
  }

  hasOffsets(relation: string): Promise<boolean> {
    return this.#session.hasOffsets(relation);
  }

  openStage(table: string, columns: readonly StagedColumn[]): Promise<RowStage> {
    return this.#session.openStage(table, columns);
  }

  blockReader(source: BlockSource): BlockReader {
    return this.#session.blockReader(source);
  }

  onClose(listener: () => void): void {
    this.#session.onClose(listener);
  }

  async close(): Promise<void> {}
}
