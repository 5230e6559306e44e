import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { ProcessOptions, ProcessTotals, Worker } from "../../process.ts";
import type { Store } from "../../store.ts";
import { resolveIncrement } from "../increment/resolve-increment.ts";
import type { StoreContext } from "../store-context.ts";
import { BatchWriter } from "./batch-writer.ts";
import { callWorker } from "./call-worker.ts";
import { phasesOf, workItemsOf } from "./work-items.ts";

/** What `store.process` needs of a store. */
export interface ProcessingStore extends StoreContext, Pick<Store, "markEmpty"> {
  /** The default size of a batch. */
  readonly batchRows: number;
}

/** Passes each work item of an increment to a worker, several at once, and writes its outputs. */
export async function processFeature(
  store: ProcessingStore,
  feature: AnyFeature,
  worker: Worker<AnyFeature>,
  given: ProcessOptions<AnyFeature>,
): Promise<ProcessTotals<AnyFeature>> {
  const { concurrency = 1, batchSize = store.batchRows, retries = 0, onProgress, ...others } = given;
  const { materializationId, ...resolveOptions } = others;
  assertInteger({ concurrency, batchSize }, 1);
  assertInteger({ retries }, 0);
  const increment = await resolveIncrement(store, feature, resolveOptions);
  try {
    const options = materializationId === undefined ? {} : { materializationId };
    const writer = new BatchWriter({ store, increment, batchSize, options, onProgress });
    const failure = new AbortController();
    const signals = [failure.signal, ...(given.signal === undefined ? [] : [given.signal])];
    const signal = AbortSignal.any(signals);

    const processItems = async (items: ReturnType<typeof workItemsOf>) => {
      while (!signal.aborted) {
        await writer.waitForCapacity();
        const { value: item } = await items.next();
        if (item === undefined) return;
        const result = await callWorker(feature, worker, item, { retries, signal });
        if (result !== undefined) writer.add(result);
      }
    };
    for (const sets of phasesOf(increment)) {
      const items = workItemsOf(increment, sets);
      const tasks = Array.from({ length: concurrency }, async () => {
        try {
          await processItems(items);
        } catch (error) {
          failure.abort(error);
        }
      });
      await Promise.all(tasks);
      await items.return(undefined);
      if (failure.signal.aborted) throw failure.signal.reason;
      await writer.finish();
    }
    assertNotCancelled(given.signal, writer.totals);
    return writer.totals;
  } finally {
    await increment.close();
  }
}

function assertInteger(counts: Readonly<Record<string, number>>, least: number): void {
  const wrong = Object.entries(counts).find(([, count]) => !Number.isInteger(count) || count < least);
  if (wrong === undefined) return;
  throw new RangeError(`${wrong[0]} is an integer of at least ${least}, not ${wrong[1]}`);
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
