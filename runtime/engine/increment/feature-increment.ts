import type { Feature, FeatureTypes } from "../../contract.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { GrainOf, NewOf, OrphanOf, StaleOf, UpstreamOf } from "../../feature.ts";
import type {
  Counts,
  GroupedSet,
  Increment,
  IncrementSet,
  OutputRowOf,
  PendingUpstream,
  RowsInput,
  SetKind,
  WritableSet,
  WriteOptions,
  WriteResult,
} from "../../increment.ts";
import type { StoreWarning } from "../../warning.ts";
import type { BindParameters } from "../bind-parameters.ts";
import type { CheckpointWriter, CompletedItems } from "../checkpoint/checkpoint-writer.ts";
import { assertSourcesUnmoved, type ResolvedSource } from "../checkpoint/resolved-sources.ts";
import type { EngineSession } from "../engine.ts";
import { assertKnownOptions } from "../known-options.ts";
import { assertWritable, type StoreContext } from "../store-context.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { workItemsTable } from "../tables/work-items.ts";
import { type RowsWithProvenance, writeNothing, writeRows } from "../writing/write-rows.ts";
import { type IncrementSource, sourcesOf } from "./increment-queries.ts";
import { IncrementRows } from "./increment-rows.ts";
import type { NewCauseFacts } from "./new-cause.ts";
import { assertSet, setAsOutputs } from "./set-outputs.ts";
import { registerSet } from "./set-owner.ts";
import { setSource } from "./set-source.ts";
import { stageOutputs } from "./stage-outputs.ts";

/** What an increment is made of. */
export interface IncrementParts<F> extends IncrementSource, NewCauseFacts {
  readonly store: StoreContext;
  readonly session: EngineSession;
  readonly feature: F & IncrementSource["feature"];
  readonly parameters: BindParameters;
  readonly counts: Counts;
  readonly rowCounts: Counts;
  readonly lenient: boolean;
  readonly failed: number;
  readonly pendingUpstream: readonly PendingUpstream[];
  readonly warnings: readonly StoreWarning[];
  /** The target's table as it was compared; undefined where it was never written. */
  readonly target: PhysicalTable | undefined;
  /** Follows which work items get written, where a checkpoint can store that. */
  readonly checkpointWriter: CheckpointWriter | undefined;
}

/** An increment in DuckDB: a session of its own, with the grains that differ in a temporary table. */
export class FeatureIncrement<F extends Feature<FeatureTypes>> implements Increment<F> {
  readonly feature: F;
  readonly counts: Counts;
  readonly failed: number;
  readonly new: GroupedSet<NewOf<F>, GrainOf<F>, "new">;
  readonly stale: GroupedSet<StaleOf<F>, GrainOf<F>, "stale">;
  readonly orphaned: IncrementSet<OrphanOf<F>, "orphaned">;
  readonly pendingUpstream: readonly PendingUpstream<UpstreamOf<F>>[];
  readonly warnings: readonly StoreWarning[];
  readonly #parts: IncrementParts<F>;
  #writes = 0;

  constructor(parts: IncrementParts<F>) {
    this.#parts = parts;
    this.feature = parts.feature;
    this.counts = parts.counts;
    this.failed = parts.failed;
    this.warnings = parts.warnings;
    this.pendingUpstream = parts.pendingUpstream as readonly PendingUpstream<UpstreamOf<F>>[];
    this.new = this.#set<NewOf<F>, "new">("new");
    this.stale = this.#set<StaleOf<F>, "stale">("stale");
    this.orphaned = this.#set<OrphanOf<F>, "orphaned">("orphaned");
  }

  async write(
    rows: RowsInput<OutputRowOf<F>> | WritableSet<F>,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    const { store, session, feature } = this.#parts;
    assertKnownOptions("increment.write", options, ["materializationId", "signal"]);
    assertWritable(store);
    const set = this.#ownSet(rows);
    if (set !== undefined) return this.#writeSet(set, options);
    await this.#materialize();
    const given = rows as RowsInput<object>;
    const outputs = await stageOutputs(session, ++this.#writes, feature, given, options.signal);
    try {
      const { items } = outputs;
      const created = createdOf(this.#parts, items);
      return await this.#write({ sql: outputs.sql, created, bindings: undefined }, { items }, options);
    } finally {
      // An increment may be written in many batches, and what was staged would stay until it is closed.
      await outputs.drop().catch(() => undefined);
    }
  }

  async #writeSet(set: "new" | "stale", options: WriteOptions): Promise<WriteResult> {
    const { store, session, feature, parameters, created } = this.#parts;
    const outputs = setAsOutputs(session.dialect, this.#parts, set);
    if (this.counts[set] === 0) return writeNothing(store, session, feature);
    const bindings = parameters.of(outputs.sql);
    await session.exclusive(() => assertSet(session, outputs, bindings), options.signal);
    const sources = sourcesOf(this.#parts, set);
    return this.#write({ sql: outputs.sql, created, bindings }, { set }, options, sources);
  }

  async #write(
    given: RowsWithProvenance,
    completed: CompletedItems,
    options: WriteOptions,
    sources: readonly ResolvedSource[] = [],
  ): Promise<WriteResult> {
    const { store, session, feature, checkpointWriter, expected, parameters } = this.#parts;
    const bindingsOf = (sql: string) => parameters.of(sql);
    const rows = expected.ownDataVersions ? { ...given, samples: { expected, bindingsOf } } : given;
    const writing = async () => {
      const { table, time, ...result } = await writeRows(store, session, feature, rows, options);
      await assertSourcesUnmoved(session, sources);
      const appended = { table, rows: result.rows + result.superseded, time };
      return { result, commit: await checkpointWriter?.addWrite(session, appended, completed) };
    };
    const { result, commit } = await store.writing(session, writing, options.signal);
    commit?.();
    return result;
  }

  async close(): Promise<void> {
    await this.#parts.session.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Makes sure that the grains are in a table. */
  #materialize: () => Promise<void> = once(async () => {
    const { session, isMaterialized } = this.#parts;
    if (isMaterialized) return;
    await session.exclusive(() =>
      session.transaction(async () => {
        await session.run(session.dialect.materializeView(workItemsTable));
        await assertSourcesUnmoved(session, sourcesOf(this.#parts, "new"));
      }),
    );
  });

  #set<Row, Kind extends SetKind>(kind: Kind): IncrementRows<Row, GrainOf<F>, Kind> {
    const { feature, counts, rowCounts, target, sources } = this.#parts;
    const facts = { kind, count: counts[kind], rowCount: rowCounts[kind], grain: feature.plan.grain };
    const source = setSource({ ...this.#parts, materialize: this.#materialize }, kind);
    const offset = target?.offset ?? 0n;
    registerSet(source, { ...this.#parts, kind, count: counts[kind], offset, sources: sources.stored });
    return new IncrementRows<Row, GrainOf<F>, Kind>(source, facts);
  }

  /** Which of this increment's own sets is to be written, if it is one. */
  #ownSet(rows: unknown): "new" | "stale" | undefined {
    if (rows === this.new) return "new";
    if (rows === this.stale) return "stale";
    if (rows !== this.orphaned) return undefined;
    throw new InputError(
      "not-in-increment",
      "Orphaned rows are no longer expected, so they can't be written as an answer. Delete them with store.delete(feature, increment.orphaned).",
      { feature: this.feature.key },
    );
  }
}

/** SQL of the times of creation of rows that answer some grains: a table of all that was written before is not grouped. */
function createdOf({ feature, created }: IncrementSource, items: string): string | undefined {
  if (created === undefined) return undefined;
  const ids = feature.spec.idColumns.map(quoteIdentifier).join(", ");
  return `SELECT * FROM (${created}) WHERE (${ids}) IN (SELECT ${ids} FROM ${items})`;
}

/** Keeps the first outcome; a failure is tried again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let memoized: Promise<T> | undefined;
  return () => {
    memoized ??= work().catch((error: unknown) => {
      memoized = undefined;
      throw error;
    });
    return memoized;
  };
}
