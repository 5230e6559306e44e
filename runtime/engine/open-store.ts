import { StoreError } from "../errors.ts";
import type { HashAlgorithm } from "../hash-algorithm.ts";
import type { AnyFeature, Feature, FeatureTypes, StoreWarning } from "../index.ts";
import { assertContract } from "./assert-contract.ts";
import type { Engine, EngineSession } from "./engine.ts";
import type { CompactableStore } from "./store-context.ts";
import type { StoreWarnings } from "./store-warnings.ts";

/** What a store is made of. */
export interface StoreParts {
  readonly engine: Engine;
  /** What messages call it. */
  readonly database: string;
  /** Tells databases apart, however they are named. */
  readonly databaseKey: string;
  readonly readOnly: boolean;
  readonly algorithm: HashAlgorithm;
  readonly projectVersion: string | undefined;
  readonly features: readonly AnyFeature[] | undefined;
  readonly warnings: StoreWarnings;
}

/** An open store without its operations: its engine, the sessions that are open, its clock. */
export class OpenStore implements CompactableStore, AsyncDisposable {
  readonly database: string;
  readonly databaseKey: string;
  readonly readOnly: boolean;
  readonly algorithm: HashAlgorithm;
  readonly projectVersion: string | undefined;
  readonly features: readonly AnyFeature[] | undefined;
  readonly batchRows: number;
  readonly #parts: StoreParts;
  readonly #sessions = new Set<EngineSession>();
  readonly #connecting = new Set<Promise<EngineSession>>();
  #lastTime = 0n;
  #closed = false;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.database = parts.database;
    this.databaseKey = parts.databaseKey;
    this.readOnly = parts.readOnly;
    this.algorithm = parts.algorithm;
    this.projectVersion = parts.projectVersion;
    this.features = parts.features;
    this.batchRows = parts.engine.batchRows;
  }

  /** Refuses a module that this runtime, or the engine, can't run. */
  assertRunnable(feature: Feature<FeatureTypes>): void {
    assertContract(feature, this.#parts.engine.name);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // An instance that is closed while it connects takes the process with it.
    await Promise.allSettled(this.#connecting);
    await Promise.all([...this.#sessions].map((session) => session.close()));
    await this.#parts.engine.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async connect(feature: Pick<AnyFeature, "hashLength">): Promise<EngineSession> {
    if (this.#closed) {
      throw new StoreError("closed", `${this.database} is closed: open the store again.`, {
        database: this.database,
      });
    }
    const connecting = this.#connect(feature.hashLength);
    this.#connecting.add(connecting);
    try {
      return await connecting;
    } finally {
      this.#connecting.delete(connecting);
    }
  }

  writing<T>(session: EngineSession, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#parts.engine.write(session, work, signal);
  }

  holdWrites<T>(work: () => Promise<T>): Promise<T> {
    return this.#parts.engine.holdWrites(work);
  }

  checkpointDatabase(session: EngineSession): Promise<void> {
    return this.#parts.engine.compact(session);
  }

  warn(warning: StoreWarning): void {
    this.#parts.warnings.report(warning);
  }

  now(): bigint {
    const clock = BigInt(Date.now()) * 1000n;
    this.#lastTime = clock > this.#lastTime ? clock : this.#lastTime + 1n;
    return this.#lastTime;
  }

  async #connect(hashLength: number): Promise<EngineSession> {
    const session = await this.#parts.engine.connect(hashLength);
    this.#sessions.add(session);
    session.onClose(() => this.#sessions.delete(session));
    return session;
  }
}
