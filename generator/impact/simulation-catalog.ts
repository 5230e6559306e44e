import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import type { OpenedStore } from "../../runtime/duckdb/open-store.ts";
import { defineMacros } from "../../runtime/duckdb/sample-hash.ts";
import type { Session } from "../../runtime/duckdb/session.ts";
import { assertWritable, type StoreContext } from "../../runtime/engine/store-context.ts";
import type { AnyFeature } from "../../runtime/feature.ts";
import type { HashAlgorithm } from "../../runtime/hash-algorithm.ts";

type HashedFeature = Pick<AnyFeature, "hashLength">;

/**
 * One of the two databases of a simulation, as resolving sees a store: the stored one, or the one in memory beside it,
 * which holds rows as they would be after runs. Both belong to one instance, so each sees the other by its full name.
 */
export class SimulationCatalog implements StoreContext {
  readonly database: string;
  readonly readOnly = true;
  readonly algorithm: HashAlgorithm;
  readonly projectVersion: undefined;
  readonly #parts: OpenedStore;
  readonly #catalog: string;
  readonly #signal: AbortSignal | undefined;

  constructor(parts: OpenedStore, catalog: string, signal: AbortSignal | undefined) {
    this.database = parts.database;
    this.algorithm = parts.algorithm;
    this.#parts = parts;
    this.#catalog = catalog;
    this.#signal = signal;
  }

  /** The full name of one of its tables, quoted. */
  nameOf(table: string): string {
    return `${quoteIdentifier(this.#catalog)}.main.${quoteIdentifier(table)}`;
  }

  /** Runs work on a session of its own, which sees the tables of this stage by their short names. */
  async within<T>(feature: HashedFeature, work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.connect(feature);
    try {
      return await session.exclusive(() => work(session), this.#signal);
    } finally {
      await session.close();
    }
  }

  async connect(feature: HashedFeature): Promise<Session> {
    const session = await this.#parts.opened.connect();
    try {
      await session.run(`USE ${quoteIdentifier(this.#catalog)}`);
      await defineMacros(session, this.algorithm, feature.hashLength);
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  async writing<T>(): Promise<T> {
    assertWritable(this);
    throw new Error("A simulation writes nothing to the store");
  }

  /** The command that counts says what it can't count; what is odd in a store is reported to those who run on it. */
  warn(): void {}

  now(): bigint {
    return 0n;
  }
}
