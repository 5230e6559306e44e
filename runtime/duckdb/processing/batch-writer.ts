import { isInputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Increment, WriteOptions } from "../../increment.ts";
import type { FailedUnit, ProcessProgress, ProcessTotals } from "../../processing.ts";
import type { Store } from "../../store.ts";
import { isExpansion } from "../comparison/empty-parents.ts";
import { idOfOtherParent } from "../writing/id-of-other-parent.ts";
import type { Answer } from "./ask-worker.ts";
import { type Answered, HeldIds, separateIds } from "./separate-ids.ts";
import { type AnyRow, idOf } from "./units.ts";
import { weigh } from "./weigh.ts";

/** What a batch writer writes to, and how. */
export interface BatchTarget {
  readonly store: Pick<Store, "markEmpty">;
  readonly increment: Increment<AnyFeature>;
  readonly batchSize: number;
  readonly options: WriteOptions;
  readonly onProgress: ((progress: ProcessProgress) => void) | undefined;
}

/**
 * Rows of a row group of DuckDB. A transaction that appends one writes it straight into the file; fewer rows go through
 * the write-ahead log, and each 16 MB of that cost a checkpoint.
 */
export const rowGroup = 122_880;

/** Bytes of answers that are written whatever their number, so that memory does not grow with what a row holds. */
const heaviest = 64 * 1024 * 1024;

/** Each how many answers one is weighed. */
const weighedEach = 64;

/** Milliseconds after which what is there is written, so that a crash does not lose hours of slow work. */
const longestWait = 10_000;

/** Gathers answers, and writes one batch while the next one fills. */
export class BatchWriter {
  readonly #target: BatchTarget;
  readonly #feature: AnyFeature;
  readonly #failed: FailedUnit<AnyFeature>[] = [];
  /** Units whose rows were refused. */
  readonly #failedUnits = new WeakSet<Answered>();
  #totals = { written: 0, rows: 0, replaced: 0, empty: 0, unanswered: 0 };
  #batch: Answered[] = [];
  #rows = 0;
  #weight = 0;
  #bytes = 0;
  #begun = performance.now();
  #writing: Promise<void> | undefined;
  #trouble: { readonly error: unknown } | undefined;

  constructor(target: BatchTarget) {
    this.#target = target;
    this.#feature = target.increment.feature;
  }

  get totals(): ProcessTotals<AnyFeature> {
    return { ...this.#totals, failed: this.#failed };
  }

  /** Takes an answer. */
  add(answer: Answer): void {
    if ("error" in answer) {
      this.#fail(answer.asked, answer.error);
      return;
    }
    if (this.#batch.length % weighedEach === 0) this.#weight = weigh(answer);
    this.#bytes += this.#weight;
    this.#batch.push(answer);
    this.#rows += Math.max(1, answer.rows.length);
  }

  /** Waits until another answer can be taken: workers may be ahead of the database by one batch. */
  async room(): Promise<void> {
    while (this.#isDue()) {
      if (this.#writing === undefined) this.#begin();
      else await this.#writing;
    }
    this.#assertWell();
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    await this.#writing;
    this.#assertWell();
    if (this.#batch.length === 0) return;
    this.#begin();
    await this.finish();
  }

  #isDue(): boolean {
    if (this.#trouble !== undefined || this.#batch.length === 0) return false;
    const isLarge = this.#rows >= this.#target.batchSize || this.#bytes >= heaviest;
    return isLarge || performance.now() - this.#begun >= longestWait;
  }

  #begin(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#rows = 0;
    this.#bytes = 0;
    this.#begun = performance.now();
    this.#writing = this.#write(batch).then(
      () => {
        this.#writing = undefined;
      },
      (error: unknown) => {
        this.#writing = undefined;
        this.#trouble = { error };
      },
    );
  }

  async #write(batch: readonly Answered[]): Promise<void> {
    const without = batch.filter(({ rows }) => rows.length === 0);
    await this.#writeApart(without.length === 0 ? batch : batch.filter(({ rows }) => rows.length > 0));
    if (without.length > 0) await this.#takeEmpty(without.map(({ asked }) => asked));
    this.#report();
  }

  /** Writes rows; of units that ask for the same id, the first one that can be written has it. */
  async #writeApart(batch: readonly Answered[]): Promise<void> {
    const held = new HeldIds(this.#feature);
    for (let rest = batch; rest.length > 0; ) {
      const { first, late } = separateIds(this.#feature, rest);
      await this.#writeRows(first, held);
      rest = late.flatMap(({ answer, earlier, conflict }) => {
        const reason = this.#failedUnits.has(earlier) ? held.conflictOf(answer) : conflict;
        if (reason === undefined) return [answer];
        this.#refuse(answer, idOfOtherParent(this.#feature, [reason]));
        return [];
      });
    }
  }

  /** Writes rows; where some of them are refused, the units are tried apart until those that are at fault are found. */
  async #writeRows(batch: readonly Answered[], held: HeldIds): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const { increment, options } = this.#target;
    try {
      const { rows, replaced } = await increment.write(
        batch.flatMap((answer) => answer.rows) as never,
        options,
      );
      this.#count({ written: batch.length, rows, replaced });
    } catch (error) {
      if (!isInputError(error)) throw error;
      held.add(error);
      if (batch.length === 1) return this.#refuse(first, error);
      const asking = batch.filter((answer) => held.conflictOf(answer) !== undefined);
      if (asking.length > 0) {
        for (const answer of asking) this.#refuse(answer, held.errorOf(answer));
        const others = new Set(asking);
        return this.#writeRows(
          batch.filter((answer) => !others.has(answer)),
          held,
        );
      }
      const middle = Math.ceil(batch.length / 2);
      await this.#writeRows(batch.slice(0, middle), held);
      await this.#writeRows(batch.slice(middle), held);
    }
  }

  async #takeEmpty(units: readonly AnyRow[]): Promise<void> {
    if (!isExpansion(this.#feature)) return this.#count({ unanswered: units.length });
    await this.#target.store.markEmpty(this.#feature, units as never);
    this.#count({ empty: units.length });
  }

  #refuse(answer: Answered, error: Error): void {
    this.#failedUnits.add(answer);
    this.#fail(answer.asked, error);
  }

  #fail(asked: AnyRow, error: Error): void {
    this.#failed.push({ id: idOf(this.#feature, asked) as never, error });
  }

  #count(more: Partial<typeof this.totals>): void {
    const sum = (key: "written" | "rows" | "replaced" | "empty" | "unanswered") =>
      this.#totals[key] + (more[key] ?? 0);
    this.#totals = {
      written: sum("written"),
      rows: sum("rows"),
      replaced: sum("replaced"),
      empty: sum("empty"),
      unanswered: sum("unanswered"),
    };
  }

  #report(): void {
    const { increment, onProgress } = this.#target;
    const { written, empty, unanswered, rows } = this.#totals;
    onProgress?.({
      total: increment.counts.new + increment.counts.stale,
      done: written + empty + unanswered,
      failed: this.#failed.length,
      rows,
    });
  }

  #assertWell(): void {
    if (this.#trouble !== undefined) throw this.#trouble.error;
  }
}
