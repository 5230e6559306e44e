import type { AnyFeature } from "../../feature.ts";
import type { Worker } from "../../process.ts";
import { type AnyRow, assertOutputs, type WorkItem } from "./work-items.ts";

/** The result of a work item: its output rows, or an error. `requested` is one row of the item; the others are released. */
export type WorkItemResult =
  | { readonly requested: AnyRow; readonly rows: readonly AnyRow[] }
  | { readonly requested: AnyRow; readonly error: Error };

/** Calls a worker for a work item; returns undefined if it was cancelled meanwhile. */
export async function callWorker(
  feature: AnyFeature,
  worker: Worker<AnyFeature>,
  item: WorkItem,
  { retries, signal }: { readonly retries: number; readonly signal: AbortSignal },
): Promise<WorkItemResult | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const rows = rowsOf(await worker(item.given as never, { signal, attempt }));
      assertOutputs(feature, item, rows);
      return { requested: item.row, rows };
    } catch (error) {
      if (signal.aborted) return undefined;
      if (attempt > retries) return { requested: item.row, error: asError(error) };
    }
  }
}

function rowsOf(returned: unknown): readonly AnyRow[] {
  if (returned === null || returned === undefined) return [];
  return (Array.isArray(returned) ? returned : [returned]) as readonly AnyRow[];
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
