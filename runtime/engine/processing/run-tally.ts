import { isStemmaError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { FailedWorkItem, ProcessProgress, ProcessTotals } from "../../process.ts";
import { describeError } from "../failures/record-failures.ts";
import type { FailureLimit, Stage } from "./failure-limit.ts";
import { type AnyRow, idOf } from "./work-items.ts";

/** Work items and rows by what became of them. */
type Counts = Omit<ProcessTotals<AnyFeature>, "failed">;

/** A work item that failed, as the store records it. */
export interface Failure {
  readonly id: AnyRow;
  readonly provenance: string;
  readonly type: string;
  readonly message: string;
  readonly attempts: number;
}

/** What a run did so far. */
export class RunTally {
  readonly #feature: AnyFeature;
  readonly #limit: FailureLimit;
  readonly #startedAt = performance.now();
  readonly #failed: FailedWorkItem<AnyFeature>[] = [];
  #failures: Failure[] = [];
  #counts: Counts = { written: 0, rows: 0, superseded: 0, empty: 0, skipped: 0 };

  constructor(feature: AnyFeature, limit: FailureLimit) {
    this.#feature = feature;
    this.#limit = limit;
  }

  get totals(): ProcessTotals<AnyFeature> {
    return { ...this.#counts, failed: this.#failed };
  }

  count(more: Partial<Counts>): void {
    const sum = (key: keyof Counts) => this.#counts[key] + (more[key] ?? 0);
    this.#counts = {
      written: sum("written"),
      rows: sum("rows"),
      superseded: sum("superseded"),
      empty: sum("empty"),
      skipped: sum("skipped"),
    };
  }

  fail(stage: Stage, requested: AnyRow, thrown: unknown, attempts: number): void {
    const id = idOf(this.#feature, requested);
    const { type, message } = describeError(thrown);
    const code = isStemmaError(thrown) ? { code: thrown.code } : {};
    const error = Object.defineProperty({ type, message, ...code }, "cause", { value: thrown });
    this.#failed.push({ id: id as never, error, attempts });
    // Another parent may give the id up, with the same inputs.
    if (!isStemmaError(thrown, "id-of-other-parent")) {
      const provenance = String(requested["metaxy_provenance"]);
      this.#failures.push({ id, provenance, type, message, attempts });
    }
    this.#limit.failed(stage, error);
  }

  /** Failures since the last call. */
  takeFailures(): readonly Failure[] {
    const failures = this.#failures;
    this.#failures = [];
    return failures;
  }

  /** `seconds` is what calls of the worker took. */
  progress(total: number, seconds: number): ProcessProgress {
    const { written, empty, skipped, rows } = this.#counts;
    const done = written + empty + skipped;
    const failed = this.#failed.length;
    const ended = done + failed;
    const elapsed = (performance.now() - this.#startedAt) / 1000;
    return {
      total,
      done,
      failed,
      rows,
      seconds: elapsed,
      secondsPerItem: ended === 0 ? null : seconds / ended,
      secondsLeft: ended === 0 ? null : (elapsed / ended) * Math.max(0, total - ended),
    };
  }
}
