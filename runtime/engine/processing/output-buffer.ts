import type { AnyRow } from "./work-items.ts";

/** A work item with its output rows. */
export interface ComputedItem {
  readonly requested: AnyRow;
  readonly rows: readonly AnyRow[];
  /** How many calls of the worker had it. */
  readonly attempts: number;
}

/** Bytes of results after which a batch is written, however few they are: memory does not grow with the size of rows. */
const maxBatchBytes = 64 * 1024 * 1024;

/** The size of one result in so many is estimated. */
const sampleInterval = 64;

/** Milliseconds after which a batch is written, so that a crash does not lose hours of slow work. */
const maxBatchAge = 10_000;

/** Collects the results of one write. */
export class OutputBuffer {
  readonly #maxRows: number;
  #items: ComputedItem[] = [];
  #rows = 0;
  #itemBytes = 0;
  #bytes = 0;
  #startedAt = performance.now();

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** Whether what it holds is to be written before more is added. */
  get isDue(): boolean {
    if (this.isEmpty) return false;
    const isLarge = this.#rows >= this.#maxRows || this.#bytes >= maxBatchBytes;
    return isLarge || performance.now() - this.#startedAt >= maxBatchAge;
  }

  add(item: ComputedItem): void {
    if (this.#items.length % sampleInterval === 0) this.#itemBytes = estimateBytes(item);
    this.#bytes += this.#itemBytes;
    this.#items.push(item);
    this.#rows += Math.max(1, item.rows.length);
  }

  /** Gives what it holds, and begins anew. */
  take(): readonly ComputedItem[] {
    const items = this.#items;
    this.#items = [];
    this.#rows = 0;
    this.#bytes = 0;
    this.#startedAt = performance.now();
    return items;
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
