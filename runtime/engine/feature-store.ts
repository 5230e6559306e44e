import { InputError, StoreError } from "../errors.ts";
import type { HashAlgorithm } from "../hash-algorithm.ts";
import type {
  AnyFeature,
  BatchWorker,
  CopyOptions,
  DeleteOptions,
  DeleteResult,
  DeleteTarget,
  DropOptions,
  DropResult,
  EmptyParentOf,
  ErrorLog,
  ErrorsOptions,
  Feature,
  FeatureCopy,
  FeatureRows,
  FeatureTypes,
  FeatureWriteResult,
  HistoryOptions,
  IdOf,
  Increment,
  MigrateOptions,
  MigrateResult,
  ProcessOptions,
  ProcessTotals,
  Progress,
  ProgressOptions,
  ProjectDefinitions,
  Push,
  PushOptions,
  PushResult,
  ReadOptions,
  RebaseOptions,
  RebaseResult,
  ResolveOptions,
  RowOf,
  RowsInput,
  RowWithProvenanceOf,
  Store,
  StoredOf,
  StoredRows,
  StoreWarning,
  Trace,
  TraceOptions,
  Transaction,
  TransactionOptions,
  Worker,
  WriteAllOptions,
  WriteOptions,
  WriteResult,
} from "../index.ts";

import { assertContract } from "./assert-contract.ts";
import { type CopyingStore, copyFeatures } from "./copying/copy-features.ts";
import { deleteSamples } from "./deleting/delete-samples.ts";
import { dropFeature } from "./deleting/drop-feature.ts";
import type { Engine, EngineSession } from "./engine.ts";
import { FeatureErrors } from "./failures/error-log.ts";
import { resolveIncrement } from "./increment/resolve-increment.ts";
import { migrateFeature } from "./migrating/migrate-feature.ts";
import { rebaseFeature } from "./migrating/rebase-feature.ts";
import { type ProcessingStore, processFeature } from "./processing/process-feature.ts";
import { measureProgress } from "./progress/measure-progress.ts";
import { pushHistory } from "./pushing/push-history.ts";
import { pushProject } from "./pushing/push-project.ts";
import { type AnyReadOptions, readRows } from "./reading/read-rows.ts";
import { assertWritable } from "./store-context.ts";
import type { StoreWarnings } from "./store-warnings.ts";
import { traceSample } from "./tracing/trace-sample.ts";
import { runTransaction, type TransactionalStore } from "./transaction/run-transaction.ts";
import { writeAll } from "./transaction/write-all.ts";
import { markEmptyParents } from "./writing/mark-empty.ts";
import { writeGiven } from "./writing/write-given.ts";

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

/** A store: the operations of `Store` on an engine. */
export class FeatureStore implements Store, CopyingStore, TransactionalStore, ProcessingStore {
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

  async resolve<F extends Feature<FeatureTypes>>(
    feature: F,
    options: ResolveOptions<F> = {},
  ): Promise<Increment<F>> {
    assertContract(feature, this.#parts.engine.name);
    return resolveIncrement(this, feature, options as ResolveOptions<AnyFeature>);
  }

  read<
    F extends Feature<FeatureTypes>,
    Column extends keyof RowOf<F> = keyof RowOf<F>,
    Lenient extends boolean = false,
  >(feature: F, options: ReadOptions<F, Column, Lenient> = {}): StoredRows<StoredOf<F, Column, Lenient>> {
    assertContract(feature, this.#parts.engine.name);
    const rows = readRows(this, feature, options as unknown as AnyReadOptions);
    return rows as StoredRows<StoredOf<F, Column, Lenient>>;
  }

  async write<F extends Feature<FeatureTypes>>(
    feature: F,
    given: RowsInput<RowWithProvenanceOf<F>>,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    assertContract(feature, this.#parts.engine.name);
    return writeGiven(this, feature, given, options);
  }

  async writeAll<F extends readonly Feature<FeatureTypes>[]>(
    features: { readonly [Index in keyof F]: FeatureRows<F[Index]> },
    options: WriteAllOptions = {},
  ): Promise<readonly FeatureWriteResult[]> {
    for (const { feature } of features) assertContract(feature, this.#parts.engine.name);
    return writeAll(this, features, options);
  }

  async transaction<T>(
    callback: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return runTransaction(this, callback, options, (feature) =>
      assertContract(feature, this.#parts.engine.name),
    );
  }

  async delete<F extends Feature<FeatureTypes>>(
    feature: F,
    which: DeleteTarget<F>,
    options: DeleteOptions = {},
  ): Promise<DeleteResult> {
    assertContract(feature, this.#parts.engine.name);
    return deleteSamples(this, feature, which, options);
  }

  async drop(feature: Feature<FeatureTypes> | string, options: DropOptions = {}): Promise<DropResult> {
    if (typeof feature !== "string") assertContract(feature, this.#parts.engine.name);
    return dropFeature(this, feature, options);
  }

  async migrate(feature: Feature<FeatureTypes>, options: MigrateOptions = {}): Promise<MigrateResult> {
    assertContract(feature, this.#parts.engine.name);
    return migrateFeature(this, feature, options);
  }

  async copy(
    from: Store,
    features: readonly Feature<FeatureTypes>[],
    options: CopyOptions = {},
  ): Promise<readonly FeatureCopy[]> {
    if (!(from instanceof FeatureStore)) {
      throw new InputError(
        "wrong-type",
        "copy takes a store that openStore of this package opened, then a list of features.",
      );
    }
    for (const feature of features) assertContract(feature, this.#parts.engine.name);
    return copyFeatures(this, from, features, options);
  }

  async rebase(feature: Feature<FeatureTypes>, options: RebaseOptions = {}): Promise<RebaseResult> {
    assertContract(feature, this.#parts.engine.name);
    return rebaseFeature(this, feature, options);
  }

  async markEmpty<F extends Feature<FeatureTypes>>(
    feature: F,
    parents: Iterable<EmptyParentOf<F>>,
  ): Promise<void> {
    assertContract(feature, this.#parts.engine.name);
    assertWritable(this);
    await this.#withSession(feature, (session) => markEmptyParents(this, session, feature, parents));
  }

  async process<F extends Feature<FeatureTypes>>(
    feature: F,
    worker: Worker<F> | BatchWorker<F>,
    options: ProcessOptions<F> = {},
  ): Promise<ProcessTotals<F>> {
    assertContract(feature, this.#parts.engine.name);
    assertWritable(this);
    return processFeature(
      this,
      feature,
      worker as Worker<AnyFeature> | BatchWorker<AnyFeature>,
      options as ProcessOptions<AnyFeature>,
    );
  }

  errors<F extends Feature<FeatureTypes>>(feature: F, options: ErrorsOptions = {}): ErrorLog<F> {
    assertContract(feature, this.#parts.engine.name);
    return new FeatureErrors(this, feature, options) as unknown as ErrorLog<F>;
  }

  async progress<F extends Feature<FeatureTypes>>(
    feature: F,
    options: ProgressOptions<F> = {},
  ): Promise<Progress<F>> {
    assertContract(feature, this.#parts.engine.name);
    const progress = await measureProgress(this, feature, options as ProgressOptions<AnyFeature>);
    return progress as Progress<F>;
  }

  async trace<F extends Feature<FeatureTypes>>(
    feature: F,
    id: IdOf<F>,
    options: TraceOptions = {},
  ): Promise<Trace> {
    assertContract(feature, this.#parts.engine.name);
    return traceSample(this, feature, id, options);
  }

  async push(definitions: ProjectDefinitions, options: PushOptions = {}): Promise<PushResult> {
    return pushProject(this, definitions, options);
  }

  async history(options: HistoryOptions = {}): Promise<readonly Push[]> {
    return pushHistory(this, options);
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

  /** Runs work on a session of its own, so that temporary tables go with it. */
  async #withSession<T>(feature: AnyFeature, work: (session: EngineSession) => Promise<T>): Promise<T> {
    const session = await this.connect(feature);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }
}
