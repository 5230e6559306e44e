import process from "node:process";
import type { AnyFeature } from "../../runtime/index.ts";

/** One piece of work for a fresh process. */
export interface Job {
  /** What to do: a step of preparation, a floor, or a measure. */
  readonly work: string;
  /** The database, for this process alone. */
  readonly file: string;
  readonly graph: string;
  readonly case: string;
  /** Rows of the largest table. */
  readonly rows: number;
  /** The features by key, compiled for the case. */
  readonly features: Readonly<Record<string, AnyFeature>>;
}

/** What a job took. */
export interface Outcome {
  /** Milliseconds of the work itself: without the start of the process, and without opening the database. */
  readonly ms: number;
  /** Milliseconds that all threads of the process computed meanwhile: steadier than time on a shared machine. */
  readonly cpuMs: number;
  /** Peak resident set of the process, in MiB. */
  readonly rssMiB: number;
  /** Rows that the work wrote or iterated. */
  readonly rows?: number;
  /** What resolve counted, summed over the targets. */
  readonly counts?: { readonly new: number; readonly stale: number; readonly orphaned: number };
}

/** What timing gives. */
export type Timing = Pick<Outcome, "ms" | "cpuMs">;

/** Times work. */
export async function timed<T>(work: () => Promise<T>): Promise<Timing & { readonly result: T }> {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - start, cpuMs: (user + system) / 1000, result };
}
