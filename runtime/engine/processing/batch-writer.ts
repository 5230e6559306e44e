import { isInputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Increment, WriteOptions } from "../../increment.ts";
import type { FailedWorkItem, ProcessProgress, ProcessTotals } from "../../process.ts";
import type { Store } from "../../store.ts";
import { idOfOtherParent } from "../writing/id-of-other-parent.ts";
import type { WorkItemResult } from "./call-worker.ts";
import { type ComputedItem, HeldIds, separateIds } from "./separate-ids.ts";
import { type AnyRow, idOf } from "./work-items.ts";

/** What a batch writer writes to, and how. */
export interface BatchTarget {
  readonly store: Pick<Store, "markEmpty">;
  readonly increment: Increment<AnyFeature>;
  readonly batchSize: number;
  readonly options: WriteOptions;
  readonly onProgress: ((progress: ProcessProgress) => void) | undefined;
}

/** Bytes of results after which a batch is written, however few they are: memory does not grow with the size of rows. */
const maxBatchBytes = 64 * 1024 * 1024;

/** The size of one result in so many is estimated. */
const sampleInterval = 64;

/** Milliseconds after which a batch is written, so that a crash does not lose hours of slow work. */
const maxBatchAge = 10_000;

/** Collects results, and writes one batch while the next one fills. */
export class BatchWriter {
  readonly #target: BatchTarget;
  readonly #feature: AnyFeature;
  readonly #failed: FailedWorkItem<AnyFeature>[] = [];
  /** Work items whose rows were refused. */
  readonly #failedItems = new WeakSet<ComputedItem>();
  #totals = { written: 0, rows: 0, superseded: 0, empty: 0, skipped: 0 };
  #batch: ComputedItem[] = [];
  #rows = 0;
  #itemBytes = 0;
  #bytes = 0;
  #startedAt = performance.now();
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(target: BatchTarget) {
    this.#target = target;
    this.#feature = target.increment.feature;
  }

  get totals(): ProcessTotals<AnyFeature> {
    return { ...this.#totals, failed: this.#failed };
  }

  /** Adds a result to the batch. */
  add(item: WorkItemResult): void {
    if ("error" in item) {
      this.#fail(item.requested, item.error);
      return;
    }
    if (this.#batch.length % sampleInterval === 0) this.#itemBytes = estimateBytes(item);
    this.#bytes += this.#itemBytes;
    this.#batch.push(item);
    this.#rows += Math.max(1, item.rows.length);
  }

  /** Waits until another result can be added: workers may be ahead of the database by one batch. */
  async waitForCapacity(): Promise<void> {
    while (this.#isDue()) {
      if (this.#writing === undefined) this.#begin();
      else await this.#writing;
    }
    this.#throwIfFailed();
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    await this.#writing;
    this.#throwIfFailed();
    if (this.#batch.length === 0) return;
    this.#begin();
    await this.finish();
  }

  #isDue(): boolean {
    if (this.#failure !== undefined || this.#batch.length === 0) return false;
    const isLarge = this.#rows >= this.#target.batchSize || this.#bytes >= maxBatchBytes;
    return isLarge || performance.now() - this.#startedAt >= maxBatchAge;
  }

  #begin(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#rows = 0;
    this.#bytes = 0;
    this.#startedAt = performance.now();
    this.#writing = this.#write(batch).then(
      () => {
        this.#writing = undefined;
      },
      (error: unknown) => {
        this.#writing = undefined;
        this.#failure = { error };
      },
    );
  }

  async #write(batch: readonly ComputedItem[]): Promise<void> {
    const without = batch.filter(({ rows }) => rows.length === 0);
    await this.#writeDistinct(without.length === 0 ? batch : batch.filter(({ rows }) => rows.length > 0));
    if (without.length > 0) await this.#writeEmpty(without.map(({ requested }) => requested));
    this.#report();
  }

  /** Writes rows. If several work items have the same id, the first one that can be written gets it. */
  async #writeDistinct(batch: readonly ComputedItem[]): Promise<void> {
    const held = new HeldIds(this.#feature);
    for (let rest = batch; rest.length > 0; ) {
      const { first, conflicting } = separateIds(this.#feature, rest);
      await this.#writeRows(first, held);
      rest = conflicting.flatMap(({ item, earlier, conflict }) => {
        const reason = this.#failedItems.has(earlier) ? held.conflictOf(item) : conflict;
        if (reason === undefined) return [item];
        this.#refuse(item, idOfOtherParent(this.#feature, [reason]));
        return [];
      });
    }
  }

  /** Writes rows. If some are refused, halves of the batch are written until the work items at fault are found. */
  async #writeRows(batch: readonly ComputedItem[], held: HeldIds): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const { increment, options } = this.#target;
    try {
      const { rows, superseded } = await increment.write(
        batch.flatMap((item) => item.rows) as never,
        options,
      );
      this.#count({ written: batch.length, rows, superseded });
    } catch (error) {
      if (!isInputError(error)) throw error;
      held.add(error);
      if (batch.length === 1) return this.#refuse(first, error);
      const rejected = batch.filter((item) => held.conflictOf(item) !== undefined);
      if (rejected.length > 0) {
        for (const item of rejected) this.#refuse(item, held.errorOf(item));
        const others = new Set(rejected);
        return this.#writeRows(
          batch.filter((item) => !others.has(item)),
          held,
        );
      }
      const middle = Math.ceil(batch.length / 2);
      await this.#writeRows(batch.slice(0, middle), held);
      await this.#writeRows(batch.slice(middle), held);
    }
  }

  async #writeEmpty(items: readonly AnyRow[]): Promise<void> {
    if (!this.#feature.plan.traits.mayBeEmpty) return this.#count({ skipped: items.length });
    await this.#target.store.markEmpty(this.#feature, items as never);
    this.#count({ empty: items.length });
  }

  #refuse(item: ComputedItem, error: Error): void {
    this.#failedItems.add(item);
    this.#fail(item.requested, error);
  }

  #fail(requested: AnyRow, error: Error): void {
    this.#failed.push({ id: idOf(this.#feature, requested) as never, error });
  }

  #count(more: Partial<typeof this.totals>): void {
    const sum = (key: "written" | "rows" | "superseded" | "empty" | "skipped") =>
      this.#totals[key] + (more[key] ?? 0);
    this.#totals = {
      written: sum("written"),
      rows: sum("rows"),
      superseded: sum("superseded"),
      empty: sum("empty"),
      skipped: sum("skipped"),
    };
  }

  #report(): void {
    const { increment, onProgress } = this.#target;
    const { written, empty, skipped, rows } = this.#totals;
    onProgress?.({
      total: increment.counts.new + increment.counts.stale,
      done: written + empty + skipped,
      failed: this.#failed.length,
      rows,
    });
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

/** Deeper values are not inspected: a result, its rows, a row, its columns, a list, its items. */
const maxDepth = 6;

/** Estimates the bytes of a value in memory: all items of a list count as much as its first. */
function estimateBytes(value: unknown, depth = 1): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null || depth > maxDepth) return 8;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (value instanceof Map) return estimateBytes([...value.values()], depth);
  if (Array.isArray(value)) return value.length * estimateBytes(value[0], depth + 1);
  return Object.values(value).reduce((sum: number, member) => sum + estimateBytes(member, depth + 1), 0);
}
