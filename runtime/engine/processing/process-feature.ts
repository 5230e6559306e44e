import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Increment } from "../../increment.ts";
import type { BatchWorker, ProcessOptions, ProcessTotals, Worker } from "../../process.ts";
import type { Store } from "../../store.ts";
import { resolveIncrement } from "../increment/resolve-increment.ts";
import type { StoreContext } from "../store-context.ts";
import { assertExpectedWork } from "./assert-expected-work.ts";
import { BatchWriter } from "./batch-writer.ts";
import { CallLimits } from "./call-limits.ts";
import { type AnyWorker, anyWorker, computeItems, type ItemResult } from "./call-worker.ts";
import { FailureLimit } from "./failure-limit.ts";
import { OutputWriter } from "./output-writer.ts";
import { type ProcessSettings, processSettings } from "./process-settings.ts";
import { progressBar } from "./progress-bar.ts";
import { RunRecord } from "./run-record.ts";
import { RunTally } from "./run-tally.ts";
import { callsOf, phasesOf } from "./work-items.ts";

/** What `store.process` needs of a store. */
export interface ProcessingStore extends StoreContext, Pick<Store, "markEmpty"> {
  /** The default size of a batch. */
  readonly batchRows: number;
}

/** Passes each work item of an increment to a worker, several at once, and writes its outputs. */
export async function processFeature(
  store: ProcessingStore,
  feature: AnyFeature,
  given: Worker<AnyFeature> | BatchWorker<AnyFeature>,
  options: ProcessOptions<AnyFeature>,
): Promise<ProcessTotals<AnyFeature>> {
  const worker = anyWorker(feature, given);
  const settings = processSettings(options, store);
  await using increment = await resolveIncrement(store, feature, settings.resolveOptions);
  await assertExpectedWork(increment, settings);
  await using record = await RunRecord.start(store, increment, settings);
  const limit = new FailureLimit(settings.maxFailures);
  const tally = new RunTally(feature, limit);
  const seconds = await runWorker({ store, increment, worker, settings, record, limit, tally });
  await record.finish(tally.totals, seconds);
  assertFewFailures(feature, limit, tally.totals);
  assertNotCancelled(options.signal, tally.totals);
  return tally.totals;
}

/** A run of a worker over an increment. */
interface WorkerRun {
  readonly store: ProcessingStore;
  readonly increment: Increment<AnyFeature>;
  readonly worker: AnyWorker;
  readonly settings: ProcessSettings;
  readonly record: RunRecord;
  readonly limit: FailureLimit;
  readonly tally: RunTally;
}

/** Computes and writes all work items, until it is stopped. Returns the seconds that calls of the worker took. */
async function runWorker(run: WorkerRun): Promise<number> {
  const { store, increment, worker, settings, record, limit, tally } = run;
  const { materializationId, resolveOptions } = settings;
  const { feature } = increment;
  const stop = new AbortController();
  const signals = [stop.signal, ...(resolveOptions.signal === undefined ? [] : [resolveOptions.signal])];
  const signal = AbortSignal.any(signals);
  const limits = new CallLimits(settings, signal);
  const options = materializationId === undefined ? {} : { materializationId };
  const outputs = new OutputWriter({ store, increment, options, tally, limit });
  const onProgress = settings.onProgress === "bar" ? progressBar(feature.key) : settings.onProgress;
  const total = increment.counts.new + increment.counts.stale;
  const writer = new BatchWriter(settings.batchSize, async (batch) => {
    await outputs.write(batch);
    await record.recordFailures(tally.takeFailures());
    await onProgress?.(tally.progress(total, limits.seconds));
  });
  const report = (result: ItemResult) => {
    if ("error" in result) tally.fail("worker", result.requested, result.error, result.attempts);
    else {
      limit.succeeded("worker");
      writer.add(result);
    }
    if (limit.reached !== undefined) stop.abort();
  };
  const calls = { feature, worker, limits, report };
  let failure: { readonly error: unknown } | undefined;
  const computeAll = async (batches: ReturnType<typeof callsOf>) => {
    try {
      while (!signal.aborted) {
        await writer.waitForCapacity();
        if (limit.reached !== undefined) return;
        const { value: items } = await batches.next();
        if (items === undefined) return;
        await computeItems(calls, items);
      }
    } catch (error) {
      failure ??= { error };
      stop.abort(error);
    }
  };
  try {
    for (const sets of phasesOf(increment)) {
      const batches = callsOf(increment, sets, worker.size);
      await Promise.all(Array.from({ length: settings.concurrency }, () => computeAll(batches)));
      await batches.return(undefined);
      if (failure !== undefined) throw failure.error;
      await writer.finish();
    }
    await record.recordFailures(tally.takeFailures());
  } finally {
    limits.close();
  }
  return limits.seconds;
}

function assertFewFailures(
  { key }: AnyFeature,
  { reached }: FailureLimit,
  totals: ProcessTotals<AnyFeature>,
): void {
  if (reached === undefined) return;
  throw new InputError(
    "too-many-failures",
    `process of ${key} stopped. ${reached.reason}. ${totals.written} work items were written before; the others stay new or stale. Correct the worker, or set maxFailures if so many may fail.`,
    { feature: key, totals },
    reached.cause,
  );
}

function assertNotCancelled(signal: AbortSignal | undefined, totals: ProcessTotals<AnyFeature>): void {
  if (signal?.aborted !== true) return;
  throw new InputError(
    "cancelled",
    `The work was cancelled. ${totals.written} work items were written before; the others stay new or stale.`,
    { totals },
    signal.reason,
  );
}
