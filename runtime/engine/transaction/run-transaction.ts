import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Transaction, TransactionOptions } from "../../transaction.ts";
import { deleteSamples } from "../deleting/delete-samples.ts";
import type { EngineSession } from "../engine.ts";
import { ownerOf } from "../increment/set-owner.ts";
import { assertKnownOptions } from "../known-options.ts";
import { assertWritable, type CompactableStore } from "../store-context.ts";
import { markEmptyParents } from "../writing/mark-empty.ts";
import { writeGiven } from "../writing/write-given.ts";
import { TransactionSession } from "./transaction-session.ts";
import { assertSameHashLength } from "./write-all.ts";

/** What a transaction needs of a store. */
export interface TransactionalStore extends CompactableStore {
  /** Holds back all other writes to the database while `work` runs. */
  holdWrites<T>(work: () => Promise<T>): Promise<T>;
}

/** Checks a feature before an operation uses it. */
type CheckFeature = (feature: AnyFeature) => void;

/** Runs the operations of a callback in one transaction: all of them are kept, or none. */
export async function runTransaction<T>(
  store: TransactionalStore,
  callback: (transaction: Transaction) => Promise<T>,
  { signal, ...others }: TransactionOptions,
  checkFeature: CheckFeature,
): Promise<T> {
  assertKnownOptions("transaction", others, ["signal"]);
  assertWritable(store);
  const operations = new Operations(store, checkFeature, signal);
  const value = await store.holdWrites(async () => {
    const result = operations.runCallback(callback);
    // The first operation says for which project the session is opened.
    const first = await Promise.race([operations.firstFeature, result.then(() => undefined)]);
    if (first === undefined) return result;
    const session = await store.connect(first).catch((error: unknown) => operations.abandon(error));
    try {
      return await session.transaction(async () => {
        operations.begin(session);
        const returned = await result;
        operations.assertComplete();
        return returned;
      });
    } finally {
      operations.end();
      await session.close();
    }
  });
  if (operations.removed) await compact(store, await operations.firstFeature);
  return value;
}

/** Brings what was removed out of the file. It waits for other writes, and so must not hold them back. */
async function compact(store: TransactionalStore, feature: AnyFeature): Promise<void> {
  const session = await store.connect(feature);
  try {
    await store.checkpointDatabase(session);
  } finally {
    await session.close();
  }
}

/** The operations of one transaction, which run one after the other. */
class Operations {
  readonly firstFeature: Promise<AnyFeature>;
  readonly #store: CompactableStore;
  readonly #checkFeature: CheckFeature;
  readonly #signal: AbortSignal | undefined;
  readonly #session: Promise<EngineSession>;
  #first: AnyFeature | undefined;
  #announceFirst: (feature: AnyFeature) => void = () => undefined;
  #begin: (session: EngineSession) => void = () => undefined;
  #abandon: (error: unknown) => void = () => undefined;
  #last: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #ended = false;
  /** Whether rows were removed for good. */
  removed = false;

  constructor(store: CompactableStore, checkFeature: CheckFeature, signal: AbortSignal | undefined) {
    this.#store = store;
    this.#checkFeature = checkFeature;
    this.#signal = signal;
    this.firstFeature = new Promise((resolve) => {
      this.#announceFirst = resolve;
    });
    this.#session = new Promise((resolve, reject) => {
      this.#begin = resolve;
      this.#abandon = reject;
    });
  }

  async runCallback<T>(callback: (transaction: Transaction) => Promise<T>): Promise<T> {
    return callback({
      write: (feature, rows, options = {}) =>
        this.#run(feature, (store) => writeGiven(store, feature, rows, options)),
      delete: (feature, which, options = {}) =>
        this.#run(feature, (store) => {
          assertNoSet(feature, which);
          return deleteSamples(store, feature, which, options);
        }),
      markEmpty: (feature, parents) =>
        this.#run(feature, async (store) => {
          const session = await store.connect(feature);
          await markEmptyParents(store, session, feature, parents);
        }),
    });
  }

  begin(session: EngineSession): void {
    this.#begin(session);
  }

  /** Lets operations fail that wait for a session. */
  abandon(error: unknown): never {
    this.#abandon(error);
    throw error;
  }

  end(): void {
    this.#ended = true;
  }

  /** An operation that failed may have written some of its rows: the callback can't go on without it. */
  assertComplete(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    assertNotCancelled(this.#signal);
  }

  #run<T>(feature: AnyFeature, work: (store: CompactableStore) => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      this.#assertOpen();
      if (this.#failure !== undefined) throw this.#failure.error;
      try {
        assertNotCancelled(this.#signal);
        this.#checkFeature(feature);
        assertSameHashLength([this.#first ?? feature, feature]);
        this.#first ??= feature;
        this.#announceFirst(feature);
        return await work(this.#within(await this.#session));
      } catch (error) {
        this.#failure = { error };
        throw error;
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** The store as an operation sees it: all that it does runs in the transaction. */
  #within(session: EngineSession): CompactableStore {
    const { database, readOnly, algorithm, projectVersion, features } = this.#store;
    const shared = new TransactionSession(session);
    return {
      database,
      readOnly,
      algorithm,
      projectVersion,
      features,
      connect: async () => shared,
      writing: (_, work) => session.exclusive(work, this.#signal),
      warn: (warning) => this.#store.warn(warning),
      now: () => this.#store.now(),
      checkpointDatabase: async () => {
        this.removed = true;
      },
    };
  }

  #assertOpen(): void {
    if (!this.#ended) return;
    throw new InputError(
      "transaction-ended",
      "The transaction has ended. Await its operations inside the callback.",
    );
  }
}

function assertNotCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new InputError(
    "cancelled",
    "The transaction was cancelled: nothing of it was kept.",
    {},
    signal.reason,
  );
}

function assertNoSet(feature: AnyFeature, which: unknown): void {
  const owner = ownerOf(which);
  if (owner === undefined) return;
  throw new InputError(
    "unusable-set",
    `increment.${owner.kind} can't be deleted in a transaction: it holds the rows as they were when it was resolved. Pass ids, such as those of its rows, or delete the set outside of the transaction.`,
    { feature: feature.key, set: owner.kind },
  );
}
