import { isInputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Increment, WriteOptions } from "../../increment.ts";
import type { Store } from "../../store.ts";
import { idOfOtherParent } from "../writing/id-of-other-parent.ts";
import type { FailureLimit } from "./failure-limit.ts";
import type { ComputedItem } from "./output-buffer.ts";
import type { RunTally } from "./run-tally.ts";
import { HeldIds, separateIds } from "./separate-ids.ts";
import type { AnyRow } from "./work-items.ts";

/** What outputs are written to, and how. */
export interface WriteTarget {
  readonly store: Pick<Store, "markEmpty">;
  readonly increment: Increment<AnyFeature>;
  readonly options: WriteOptions;
  readonly tally: RunTally;
  readonly limit: FailureLimit;
}

/** Writes the outputs of work items, and finds those whose rows are refused. */
export class OutputWriter {
  readonly #target: WriteTarget;
  readonly #feature: AnyFeature;
  /** Work items whose rows were refused. */
  readonly #failedItems = new WeakSet<ComputedItem>();

  constructor(target: WriteTarget) {
    this.#target = target;
    this.#feature = target.increment.feature;
  }

  async write(batch: readonly ComputedItem[]): Promise<void> {
    const without = batch.filter(({ rows }) => rows.length === 0);
    await this.#writeDistinct(without.length === 0 ? batch : batch.filter(({ rows }) => rows.length > 0));
    if (without.length > 0) await this.#writeEmpty(without.map(({ requested }) => requested));
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

  /**
   * Writes rows. If some are refused, halves of the batch are written until the work items at fault are found, or so many
   * that the work has to stop.
   */
  async #writeRows(batch: readonly ComputedItem[], held: HeldIds): Promise<void> {
    const [first] = batch;
    const { increment, options, tally, limit } = this.#target;
    if (first === undefined || (limit.reached !== undefined && this.#isAtFault)) return;
    try {
      const { rows, superseded } = await increment.write(
        batch.flatMap((item) => item.rows) as never,
        options,
      );
      tally.count({ written: batch.length, rows, superseded });
      limit.succeeded("write");
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
    const { store, tally } = this.#target;
    if (!this.#feature.plan.traits.mayBeEmpty) return tally.count({ skipped: items.length });
    await store.markEmpty(this.#feature, items as never);
    tally.count({ empty: items.length });
  }

  /** Whether refused rows, and not a worker, stop the work. */
  #isAtFault = false;

  #refuse(item: ComputedItem, error: Error): void {
    const { tally, limit } = this.#target;
    this.#failedItems.add(item);
    tally.fail("write", item.requested, error, item.attempts);
    this.#isAtFault ||= limit.reached !== undefined;
  }
}
