import type { WorkItemError } from "../../process.ts";

/** Work items that may fail one after the other, before it is likely that all will. */
const maxInRow = 100;

/** First work items that may all fail with the same message. */
const maxOfOneCause = 20;

/** Where a work item fails: in its worker, or when its rows are written. */
export type Stage = "worker" | "write";

/** Why the work has to stop, and the error that did it. */
export interface ReachedLimit {
  readonly reason: string;
  readonly cause: unknown;
}

/** Notices that work items go on failing. */
export class FailureLimit {
  readonly #maxFailures: number | undefined;
  readonly #inRow = { worker: 0, write: 0 };
  #failed = 0;
  /** The message of all failures, as long as nothing else happened. */
  #onlyMessage: string | undefined;
  #isOneCause = true;
  #reached: ReachedLimit | undefined;

  constructor(maxFailures: number | undefined) {
    this.#maxFailures = maxFailures;
  }

  /** Why the work has to stop; undefined if it may go on. */
  get reached(): ReachedLimit | undefined {
    return this.#reached;
  }

  succeeded(stage: Stage): void {
    this.#inRow[stage] = 0;
    this.#isOneCause = false;
  }

  failed(stage: Stage, { type, message, cause }: WorkItemError): void {
    this.#failed += 1;
    this.#inRow[stage] += 1;
    this.#onlyMessage ??= message;
    if (message !== this.#onlyMessage || stage === "write") this.#isOneCause = false;
    if (this.#reached !== undefined) return;
    const reason = this.#reason(stage, `${type}: ${message.replace(/\.$/, "")}`);
    if (reason !== undefined) this.#reached = { reason, cause };
  }

  #reason(stage: Stage, last: string): string | undefined {
    const max = this.#maxFailures;
    if (max !== undefined) {
      if (this.#failed <= max) return undefined;
      return `${this.#failed} work items failed, more than maxFailures (${max}); the last one with ${last}`;
    }
    if (this.#isOneCause && this.#failed >= maxOfOneCause)
      return `The first ${this.#failed} work items all failed with the same error, ${last}`;
    if (this.#inRow[stage] < maxInRow) return undefined;
    return `${this.#inRow[stage]} work items in a row failed, the last one with ${last}`;
  }
}
