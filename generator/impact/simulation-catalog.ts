import type { EngineSession, Sandbox, SandboxDatabase } from "../../runtime/engine/engine.ts";
import { assertWritable, type StoreContext } from "../../runtime/engine/store-context.ts";
import type { AnyFeature } from "../../runtime/feature.ts";
import type { HashAlgorithm } from "../../runtime/hash-algorithm.ts";

type HashedFeature = Pick<AnyFeature, "hashLength">;

/** One of the two databases of a simulation, as a resolve sees a store: the stored rows, or the simulated ones. */
export class SimulationCatalog implements StoreContext {
  readonly database: string;
  readonly readOnly = true;
  readonly algorithm: HashAlgorithm;
  readonly projectVersion: undefined;
  readonly #catalog: SandboxDatabase;
  readonly #signal: AbortSignal | undefined;

  constructor({ database, algorithm }: Sandbox, catalog: SandboxDatabase, signal: AbortSignal | undefined) {
    this.database = database;
    this.algorithm = algorithm;
    this.#catalog = catalog;
    this.#signal = signal;
  }

  /** The full name of one of its tables, quoted. */
  nameOf(table: string): string {
    return this.#catalog.nameOf(table);
  }

  /** Runs work on a session of its own, which sees the tables of this catalog by their short names. */
  async within<T>(feature: HashedFeature, work: (session: EngineSession) => Promise<T>): Promise<T> {
    const session = await this.connect(feature);
    try {
      return await session.exclusive(() => work(session), this.#signal);
    } finally {
      await session.close();
    }
  }

  connect({ hashLength }: HashedFeature): Promise<EngineSession> {
    return this.#catalog.connect(hashLength);
  }

  async writing<T>(): Promise<T> {
    assertWritable(this);
    throw new Error("A simulation never writes to the store");
  }

  /** The command reports what it can't count. Warnings on a store are for the programs that run on it. */
  warn(): void {}

  now(): bigint {
    return 0n;
  }
}
