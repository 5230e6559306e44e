import type { Feature, FeatureTypes } from "../../contract.ts";
import { InputError } from "../../errors.ts";
import type { GrainOf, InputOf, OrphanOf, StaleOf, UpstreamOf } from "../../feature.ts";
import type {
  AnswerOf,
  Counts,
  GroupedSet,
  Increment,
  IncrementSet,
  PendingUpstream,
  RowsInput,
  SetKind,
  WritableSet,
  WriteOptions,
  WriteResult,
} from "../../increment.ts";
import { quoteName } from "../../sql-text.ts";
import type { StoreWarning } from "../../warning.ts";
import { settleGrains } from "../comparison/comparison.ts";
import type { Parameters } from "../connection/parameters.ts";
import type { Session } from "../connection/session.ts";
import { stageAnswers } from "../incoming/stage-answers.ts";
import { assertSourcesUnmoved, type ResolvedSource } from "../recall/resolved-sources.ts";
import type { Answered, SyncProgress } from "../recall/sync-progress.ts";
import { assertWritable, type StoreContext } from "../store-context.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { type StampedRows, writeNothing, writeRows } from "../writing/write-rows.ts";
import { type IncrementSource, sourcesOf } from "./increment-queries.ts";
import { IncrementRows } from "./increment-rows.ts";
import { assertSet, setAsAnswers } from "./set-answers.ts";
import { registerSet } from "./set-owner.ts";
import { setSource } from "./set-source.ts";

/** What an increment is made of. */
export interface IncrementParts<F> extends IncrementSource {
  readonly store: StoreContext;
  readonly session: Session;
  readonly feature: F & IncrementSource["feature"];
  readonly parameters: Parameters;
  readonly counts: Counts;
  readonly rowCounts: Counts;
  readonly lenient: boolean;
  readonly pendingUpstream: readonly PendingUpstream[];
  readonly warnings: readonly StoreWarning[];
  /** The target's table as it was compared; undefined where it was never written. */
  readonly target: PhysicalTable | undefined;
  /** Follows what gets answered, where that can be remembered. */
  readonly progress: SyncProgress | undefined;
}

/** An increment in DuckDB: a session of its own, with the grains that differ in a temporary table. */
export class DuckIncrement<F extends Feature<FeatureTypes>> implements Increment<F> {
  readonly feature: F;
  readonly counts: Counts;
  readonly new: GroupedSet<InputOf<F>, GrainOf<F>, "new">;
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
    this.warnings = parts.warnings;
    this.pendingUpstream = parts.pendingUpstream as readonly PendingUpstream<UpstreamOf<F>>[];
    this.new = this.#set<InputOf<F>, "new">("new");
    this.stale = this.#set<StaleOf<F>, "stale">("stale");
    this.orphaned = this.#set<OrphanOf<F>, "orphaned">("orphaned");
  }

  async write(
    rows: RowsInput<AnswerOf<F>> | WritableSet<F>,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    const { store, session, feature } = this.#parts;
    assertWritable(store);
    const set = this.#ownSet(rows);
    if (set !== undefined) return this.#writeSet(set, options);
    await this.#settle();
    const answers = await stageAnswers(session, ++this.#writes, feature, rows as RowsInput<object>);
    try {
      const { grains } = answers;
      const created = createdOf(this.#parts, grains);
      return await this.#write({ sql: answers.sql, created, bindings: undefined }, { grains }, options);
    } finally {
      // An increment may be written in many batches, and what was staged would stay until it is closed.
      await answers.drop().catch(() => undefined);
    }
  }

  async #writeSet(set: "new" | "stale", options: WriteOptions): Promise<WriteResult> {
    const { store, session, feature, parameters, created } = this.#parts;
    const answers = setAsAnswers(this.#parts, set);
    if (this.counts[set] === 0) return writeNothing(store, session, feature);
    const bindings = parameters.of(answers.sql);
    await session.exclusive(() => assertSet(session, answers, bindings));
    const sources = sourcesOf(this.#parts, set);
    return this.#write({ sql: answers.sql, created, bindings }, { set }, options, sources);
  }

  async #write(
    given: StampedRows,
    answered: Answered,
    options: WriteOptions,
    sources: readonly ResolvedSource[] = [],
  ): Promise<WriteResult> {
    const { store, session, feature, progress, expected, parameters } = this.#parts;
    const bindingsOf = (sql: string) => parameters.of(sql);
    const rows = expected.ownDataVersions ? { ...given, samples: { expected, bindingsOf } } : given;
    const { result, commit } = await store.writing(session, async () => {
      const { table, time, ...result } = await writeRows(store, session, feature, rows, options);
      await assertSourcesUnmoved(session, sources);
      const appended = { table, rows: result.rows + result.replaced, time };
      return { result, commit: await progress?.answer(session, appended, answered) };
    });
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
  #settle: () => Promise<void> = once(async () => {
    const { session, isSettled } = this.#parts;
    if (isSettled) return;
    await session.exclusive(() =>
      session.transaction(async () => {
        await session.run(settleGrains);
        await assertSourcesUnmoved(session, sourcesOf(this.#parts, "new"));
      }),
    );
  });

  #set<Row, Kind extends SetKind>(kind: Kind): IncrementRows<Row, GrainOf<F>, Kind> {
    const { feature, counts, rowCounts, target, sources } = this.#parts;
    const facts = { kind, count: counts[kind], rowCount: rowCounts[kind], grain: feature.plan.grain };
    const source = setSource({ ...this.#parts, settle: this.#settle }, kind);
    const offset = target?.position ?? 0n;
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
function createdOf({ feature, created }: IncrementSource, grains: string): string | undefined {
  if (created === undefined) return undefined;
  const ids = feature.spec.idColumns.map(quoteName).join(", ");
  return `SELECT * FROM (${created}) WHERE (${ids}) IN (SELECT ${ids} FROM ${grains})`;
}

/** Keeps the first outcome; a failure is tried again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let outcome: Promise<T> | undefined;
  return () => {
    outcome ??= work().catch((error: unknown) => {
      outcome = undefined;
      throw error;
    });
    return outcome;
  };
}
