import { InputError } from "../errors.ts";
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
  Trace,
  TraceOptions,
  Transaction,
  TransactionOptions,
  Worker,
  WriteAllOptions,
  WriteOptions,
  WriteResult,
} from "../index.ts";
import { copyFeatures } from "./copying/copy-features.ts";
import { deleteSamples } from "./deleting/delete-samples.ts";
import { dropFeature } from "./deleting/drop-feature.ts";
import type { EngineSession } from "./engine.ts";
import { FeatureErrors } from "./failures/error-log.ts";
import { resolveIncrement } from "./increment/resolve-increment.ts";
import { migrateFeature } from "./migrating/migrate-feature.ts";
import { rebaseFeature } from "./migrating/rebase-feature.ts";
import { OpenStore } from "./open-store.ts";
import { processFeature } from "./processing/process-feature.ts";
import { measureProgress } from "./progress/measure-progress.ts";
import { pushHistory } from "./pushing/push-history.ts";
import { pushProject } from "./pushing/push-project.ts";
import { type AnyReadOptions, readRows } from "./reading/read-rows.ts";
import { assertWritable } from "./store-context.ts";
import { traceSample } from "./tracing/trace-sample.ts";
import { runTransaction } from "./transaction/run-transaction.ts";
import { writeAll } from "./transaction/write-all.ts";
import { markEmptyParents } from "./writing/mark-empty.ts";
import { writeGiven } from "./writing/write-given.ts";

/** A store: the operations of `Store` on an engine. */
export class FeatureStore extends OpenStore implements Store {
  async resolve<F extends Feature<FeatureTypes>>(
    feature: F,
    options: ResolveOptions<F> = {},
  ): Promise<Increment<F>> {
    this.assertRunnable(feature);
    return resolveIncrement(this, feature, options as ResolveOptions<AnyFeature>);
  }

  read<
    F extends Feature<FeatureTypes>,
    Column extends keyof RowOf<F> = keyof RowOf<F>,
    Lenient extends boolean = false,
  >(feature: F, options: ReadOptions<F, Column, Lenient> = {}): StoredRows<StoredOf<F, Column, Lenient>> {
    this.assertRunnable(feature);
    const rows = readRows(this, feature, options as unknown as AnyReadOptions);
    return rows as StoredRows<StoredOf<F, Column, Lenient>>;
  }

  async write<F extends Feature<FeatureTypes>>(
    feature: F,
    given: RowsInput<RowWithProvenanceOf<F>>,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    this.assertRunnable(feature);
    return writeGiven(this, feature, given, options);
  }

  async writeAll<F extends readonly Feature<FeatureTypes>[]>(
    features: { readonly [Index in keyof F]: FeatureRows<F[Index]> },
    options: WriteAllOptions = {},
  ): Promise<readonly FeatureWriteResult[]> {
    for (const { feature } of features) this.assertRunnable(feature);
    return writeAll(this, features, options);
  }

  async transaction<T>(
    callback: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return runTransaction(this, callback, options, (feature) => this.assertRunnable(feature));
  }

  async delete<F extends Feature<FeatureTypes>>(
    feature: F,
    which: DeleteTarget<F>,
    options: DeleteOptions = {},
  ): Promise<DeleteResult> {
    this.assertRunnable(feature);
    return deleteSamples(this, feature, which, options);
  }

  async drop(feature: Feature<FeatureTypes> | string, options: DropOptions = {}): Promise<DropResult> {
    if (typeof feature !== "string") this.assertRunnable(feature);
    return dropFeature(this, feature, options);
  }

  async migrate(feature: Feature<FeatureTypes>, options: MigrateOptions = {}): Promise<MigrateResult> {
    this.assertRunnable(feature);
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
    for (const feature of features) this.assertRunnable(feature);
    return copyFeatures(this, from, features, options);
  }

  async rebase(feature: Feature<FeatureTypes>, options: RebaseOptions = {}): Promise<RebaseResult> {
    this.assertRunnable(feature);
    return rebaseFeature(this, feature, options);
  }

  async markEmpty<F extends Feature<FeatureTypes>>(
    feature: F,
    parents: Iterable<EmptyParentOf<F>>,
  ): Promise<void> {
    this.assertRunnable(feature);
    assertWritable(this);
    await this.#withSession(feature, (session) => markEmptyParents(this, session, feature, parents));
  }

  async process<F extends Feature<FeatureTypes>>(
    feature: F,
    worker: Worker<F> | BatchWorker<F>,
    options: ProcessOptions<F> = {},
  ): Promise<ProcessTotals<F>> {
    this.assertRunnable(feature);
    assertWritable(this);
    return processFeature(
      this,
      feature,
      worker as Worker<AnyFeature> | BatchWorker<AnyFeature>,
      options as ProcessOptions<AnyFeature>,
    );
  }

  errors<F extends Feature<FeatureTypes>>(feature: F, options: ErrorsOptions = {}): ErrorLog<F> {
    this.assertRunnable(feature);
    return new FeatureErrors(this, feature, options) as unknown as ErrorLog<F>;
  }

  async progress<F extends Feature<FeatureTypes>>(
    feature: F,
    options: ProgressOptions<F> = {},
  ): Promise<Progress<F>> {
    this.assertRunnable(feature);
    const progress = await measureProgress(this, feature, options as ProgressOptions<AnyFeature>);
    return progress as Progress<F>;
  }

  async trace<F extends Feature<FeatureTypes>>(
    feature: F,
    id: IdOf<F>,
    options: TraceOptions = {},
  ): Promise<Trace> {
    this.assertRunnable(feature);
    return traceSample(this, feature, id, options);
  }

  async push(definitions: ProjectDefinitions, options: PushOptions = {}): Promise<PushResult> {
    return pushProject(this, definitions, options);
  }

  async history(options: HistoryOptions = {}): Promise<readonly Push[]> {
    return pushHistory(this, options);
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
