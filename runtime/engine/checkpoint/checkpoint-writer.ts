import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Counts, PendingUpstream } from "../../increment.ts";
import type { EngineSession } from "../engine.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { failedSet, workItemsTable } from "../tables/work-items.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import type { IncrementalState } from "./load-checkpoint.ts";
import { currentTailFingerprint, fingerprintSchema, type SourceCheckpoint } from "./source-checkpoint.ts";

/** What a write appended to the target's log. */
export interface Appended {
  /** The table as it was before. */
  readonly table: PhysicalTable;
  readonly rows: number;
  /** Microseconds: the time of the rows, later than that of any before. */
  readonly time: bigint;
}

/** What a write completed: a whole set, or the work items in a table. */
export type CompletedItems = { readonly set: "new" | "stale" } | { readonly items: string };

interface CompletedState {
  readonly sets: ReadonlySet<string>;
  /** Work items completed one by one; one that was completed twice counts twice. */
  readonly items: number;
  /** How many grains stayed unanswered when it was last recorded. */
  readonly lastRecorded: number | undefined;
  /** Rows appended to the target, while they follow each other without a stranger's in between. */
  readonly appended: number | undefined;
}

/** At most this many grains stay open in a record; with more to do, the older record serves as well. */
const maxPendingItems = 1000;

/**
 * Keeps account of what an increment has answered, and records it once little is left open, and then each time that
 * this has halved: so many batches don't each write down what the others leave.
 *
 * What was resolved and not written stays open, orphans among it. Recording goes with the write: in its transaction.
 */
export class CheckpointWriter {
  readonly #feature: AnyFeature;
  readonly #incremental: IncrementalState;
  readonly #counts: Counts & { readonly failed: number };
  readonly #pendingUpstream: readonly PendingUpstream[];
  #completed: CompletedState = { sets: new Set(), items: 0, lastRecorded: undefined, appended: 0 };

  constructor(
    feature: AnyFeature,
    incremental: IncrementalState,
    counts: Counts & { readonly failed: number },
    pending: readonly PendingUpstream[],
  ) {
    this.#feature = feature;
    this.#incremental = incremental;
    this.#counts = counts;
    this.#pendingUpstream = pending;
  }

  /** Records that nothing is left open, where the comparison found nothing. Within a transaction. */
  async writeComplete(session: EngineSession): Promise<void> {
    await this.#write(session, this.#completed, undefined);
  }

  /**
   * Takes account of a write. Within its transaction; the function that it gives makes the account stand, once the
   * transaction is committed.
   */
  async addWrite(session: EngineSession, appended: Appended, completed: CompletedItems): Promise<() => void> {
    const state = await this.#advance(session, appended, completed);
    const remaining = this.#remaining(state);
    const limit = Math.max(maxPendingItems, Number(appended.table.offset) / 10);
    const isLess = remaining <= (state.lastRecorded ?? Number.POSITIVE_INFINITY) / 2;
    const isWritten = isLess && remaining + this.#counts.orphaned + this.#counts.failed <= limit;
    if (isWritten) await this.#write(session, state, appended);
    return () => {
      this.#completed = isWritten ? { ...state, lastRecorded: remaining } : state;
    };
  }

  async #advance(
    session: EngineSession,
    { table, rows }: Appended,
    completed: CompletedItems,
  ): Promise<CompletedState> {
    const { sets, items, appended } = this.#completed;
    const offset = BigInt(this.#target().offset) + BigInt(appended ?? 0);
    const isContiguous = appended !== undefined && table.offset === offset;
    const now = { ...this.#completed, appended: isContiguous ? appended + rows : undefined };
    if ("set" in completed) return { ...now, sets: new Set([...sets, completed.set]) };
    return { ...now, items: items + (await this.#completeItems(session, completed.items)) };
  }

  async #completeItems(session: EngineSession, items: string): Promise<number> {
    const grain = this.#grain();
    await session.run(
      session.dialect.createTemp(completedTable, `SELECT ${grain} FROM ${items} WHERE false`, "ifMissing"),
    );
    return session.run(`INSERT INTO ${completedTable} SELECT ${grain} FROM ${items}`);
  }

  #remaining({ sets, items }: CompletedState): number {
    const { new: newCount, stale } = this.#counts;
    return Math.max(0, (sets.has("new") ? 0 : newCount) + (sets.has("stale") ? 0 : stale) - items);
  }

  async #write(session: EngineSession, state: CompletedState, last: Appended | undefined): Promise<void> {
    const { planFingerprint, sources: covers } = this.#incremental;
    const target = await this.#targetCheckpoint(session, state, last);
    const sources = [...covers.slice(0, -1), target];
    await writeCheckpoint(
      session,
      this.#feature,
      planFingerprint,
      { sources, pendingUpstream: this.#pendingUpstream },
      this.#pendingItems(state),
    );
  }

  async #targetCheckpoint(
    session: EngineSession,
    { appended }: CompletedState,
    last: Appended | undefined,
  ): Promise<SourceCheckpoint> {
    const source = this.#target();
    if (last === undefined || appended === undefined || appended === 0) return source;
    const { table, time } = last;
    return {
      ...source,
      offset: String(BigInt(source.offset) + BigInt(appended)),
      rowCount: String(BigInt(source.rowCount) + BigInt(appended)),
      tailFingerprint: await currentTailFingerprint(session, table, this.#feature.spec.idColumns),
      schemaFingerprint: fingerprintSchema(table),
      watermark: String(time),
    };
  }

  #pendingItems({ sets, items }: CompletedState): string {
    const grain = this.#grain();
    const remaining = ["new", "stale"].filter((set) => !sets.has(set)).map((set) => `'${set}'`);
    const exceptCompleted =
      items === 0 ? "" : ` AND (${grain}) NOT IN (SELECT ${grain} FROM ${completedTable})`;
    const isRemaining = `stemma_set IN (${[...remaining, `'${failedSet}'`].join(", ")})${exceptCompleted}`;
    return `SELECT ${grain} FROM ${workItemsTable} WHERE stemma_set = 'orphaned' OR (${isRemaining})`;
  }

  #target(): SourceCheckpoint {
    const source = this.#incremental.sources.at(-1);
    if (source === undefined) throw new Error("A recollection covers no log");
    return source;
  }

  #grain(): string {
    return this.#feature.plan.grain.map(quoteIdentifier).join(", ");
  }
}

const completedTable = "stemma_completed";
