import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { ProcessOptions, ProcessTotals, Worker } from "../../processing.ts";
import type { Store } from "../../store.ts";
import { resolveIncrement } from "../increment/resolve-increment.ts";
import type { StoreContext } from "../store-context.ts";
import { askWorker } from "./ask-worker.ts";
import { BatchWriter, rowGroup } from "./batch-writer.ts";
import { phasesOf, unitsOf } from "./units.ts";

/** Hands each unit of an increment to a worker, as many at once as wanted, and writes what it returns. */
export async function processFeature(
  store: StoreContext & Pick<Store, "markEmpty">,
  feature: AnyFeature,
  worker: Worker<AnyFeature>,
  given: ProcessOptions<AnyFeature>,
): Promise<ProcessTotals<AnyFeature>> {
  const { concurrency = 1, batchSize = rowGroup, retries = 0, onProgress, ...others } = given;
  const { materializationId, ...resolving } = others;
  assertWhole({ concurrency, batchSize }, 1);
  assertWhole({ retries }, 0);
  const increment = await resolveIncrement(store, feature, resolving);
  try {
    const options = materializationId === undefined ? {} : { materializationId };
    const writer = new BatchWriter({ store, increment, batchSize, options, onProgress });
    const trouble = new AbortController();
    const signals = [trouble.signal, ...(given.signal === undefined ? [] : [given.signal])];
    const signal = AbortSignal.any(signals);

    const workOff = async (units: ReturnType<typeof unitsOf>) => {
      while (!signal.aborted) {
        await writer.room();
        const { value: unit } = await units.next();
        if (unit === undefined) return;
        const answer = await askWorker(feature, worker, unit, { retries, signal });
        if (answer !== undefined) writer.add(answer);
      }
    };
    for (const sets of phasesOf(increment)) {
      const units = unitsOf(increment, sets);
      const lanes = Array.from({ length: concurrency }, async () => {
        try {
          await workOff(units);
        } catch (error) {
          trouble.abort(error);
        }
      });
      await Promise.all(lanes);
      await units.return(undefined);
      if (trouble.signal.aborted) throw trouble.signal.reason;
      await writer.finish();
    }
    assertNotCancelled(given.signal, writer.totals);
    return writer.totals;
  } finally {
    await increment.close();
  }
}

function assertWhole(counts: Readonly<Record<string, number>>, least: number): void {
  const wrong = Object.entries(counts).find(([, count]) => !Number.isInteger(count) || count < least);
  if (wrong === undefined) return;
  throw new RangeError(`${wrong[0]} is an integer of at least ${least}, not ${wrong[1]}`);
}

function assertNotCancelled(signal: AbortSignal | undefined, totals: ProcessTotals<AnyFeature>): void {
  if (signal?.aborted !== true) return;
  throw new InputError(
    "cancelled",
    `The work was cancelled. ${totals.written} units were written before; the others stay open.`,
    { totals },
    signal.reason,
  );
}
