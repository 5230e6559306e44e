import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { BatchWorker, Worker, WorkerContext } from "../../process.ts";
import { assertKnownOptions } from "../known-options.ts";
import { assignOutputs, type ItemOutcome } from "./assign-outputs.ts";
import type { CallLimits } from "./call-limits.ts";
import { assertInteger } from "./process-settings.ts";
import type { WorkItem } from "./work-items.ts";

/** A worker of either form, as one that gets many work items. */
export interface AnyWorker {
  /** Work items of one call. */
  readonly size: number;
  /** The outputs of work items. */
  call(items: readonly WorkItem[], context: WorkerContext): Promise<readonly unknown[]>;
}

/** What became of a work item, and how many calls had it. */
export type ItemResult = ItemOutcome & { readonly attempts: number };

/** The calls of a worker in a run. */
export interface WorkerCalls {
  readonly feature: AnyFeature;
  readonly worker: AnyWorker;
  readonly limits: CallLimits;
  /** Takes results, as soon as they are known. */
  report(result: ItemResult): void;
}

/** Brings both forms of a worker into one. */
export function anyWorker(
  { key }: AnyFeature,
  worker: Worker<AnyFeature> | BatchWorker<AnyFeature>,
): AnyWorker {
  if (typeof worker === "function") {
    const call: AnyWorker["call"] = async ([item], context) => {
      const returned: unknown = await worker(item?.given as never, context);
      if (returned === null || returned === undefined) return [];
      return Array.isArray(returned) ? returned : [returned];
    };
    return { size: 1, call };
  }
  if (typeof worker !== "object" || worker === null || typeof worker.run !== "function") {
    throw new InputError(
      "wrong-type",
      "The worker of process is a function, or an object with batch and run: { batch: 64, run: async (items) => outputs }.",
      { feature: key },
    );
  }
  assertKnownOptions("A worker of batches", worker, ["batch", "run"]);
  assertInteger("batch", worker.batch, 1);
  const call: AnyWorker["call"] = async (items, context) => {
    const returned: unknown = await worker.run(items.map(({ given }) => given) as never, context);
    if (returned === null || returned === undefined) return [];
    if (Array.isArray(returned)) return returned;
    throw new InputError(
      "wrong-type",
      `run returned ${typeof returned} for ${items.length} work items of ${key}. It returns the list of their outputs.`,
      { feature: key },
    );
  };
  return { size: worker.batch, call };
}

/**
 * Calls a worker for work items, and again if it throws. If it goes on throwing, halves of the items are computed, down
 * to those at fault. Nothing is reported of items that are left behind since the work was stopped.
 *
 * @param before How many calls had the items before.
 */
export async function computeItems(
  calls: WorkerCalls,
  items: readonly WorkItem[],
  before = 0,
): Promise<void> {
  const { feature, worker, limits, report } = calls;
  const { signal } = limits;
  // Items of a batch that failed were tried again already; what counts is each of them alone.
  const retries = before === 0 || items.length === 1 ? limits.retries : 0;
  for (let tries = 1; !signal.aborted; tries++) {
    const attempts = before + tries;
    try {
      const outputs = await limits.timed(() => worker.call(items, { signal, attempt: attempts }));
      if (outputs === undefined) return;
      for (const outcome of assignOutputs(feature, items, outputs)) report({ ...outcome, attempts });
      return;
    } catch (error) {
      if (signal.aborted) return;
      const [item] = items;
      if (tries <= retries) await limits.backOff(tries);
      else if (items.length === 1 && item !== undefined)
        return report({ requested: item.requested, error, attempts });
      else return computeHalves(calls, items, attempts);
    }
  }
}

async function computeHalves(calls: WorkerCalls, items: readonly WorkItem[], before: number): Promise<void> {
  const middle = Math.ceil(items.length / 2);
  await computeItems(calls, items.slice(0, middle), before);
  await computeItems(calls, items.slice(middle), before);
}
