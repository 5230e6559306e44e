import type { AnyFeature } from "../../feature.ts";
import type { Worker } from "../../processing.ts";
import { type AnyRow, assertAnswers, type Unit } from "./units.ts";

/** What came of a unit: its rows, or why there are none. `asked` is a row of the unit: the rest of it is let go. */
export type Answer =
  | { readonly asked: AnyRow; readonly rows: readonly AnyRow[] }
  | { readonly asked: AnyRow; readonly error: Error };

/** Lets a worker compute a unit; undefined where it was stopped meanwhile. */
export async function askWorker(
  feature: AnyFeature,
  worker: Worker<AnyFeature>,
  unit: Unit,
  { retries, signal }: { readonly retries: number; readonly signal: AbortSignal },
): Promise<Answer | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const rows = rowsOf(await worker(unit.given as never, { signal, attempt }));
      assertAnswers(feature, unit, rows);
      return { asked: unit.row, rows };
    } catch (error) {
      if (signal.aborted) return undefined;
      if (attempt > retries) return { asked: unit.row, error: asError(error) };
    }
  }
}

function rowsOf(answer: unknown): readonly AnyRow[] {
  if (answer === null || answer === undefined) return [];
  return (Array.isArray(answer) ? answer : [answer]) as readonly AnyRow[];
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
