import type { AnyFeature } from "../../feature.ts";
import type { Increment } from "../../increment.ts";
import type { ProcessTotals } from "../../process.ts";
import type { EngineSession } from "../engine.ts";
import { recordFailures } from "../failures/record-failures.ts";
import { finishRun, type Run, startRun } from "../failures/runs.ts";
import type { StoreContext } from "../store-context.ts";
import type { Failure } from "./run-tally.ts";

/** What the store keeps of a run: when it ran, what it did, and which work items failed. Nothing of one without work. */
export class RunRecord implements AsyncDisposable {
  readonly #store: StoreContext;
  readonly #feature: AnyFeature;
  readonly #session: EngineSession | undefined;
  readonly #run: Run | undefined;

  private constructor(store: StoreContext, feature: AnyFeature, session?: EngineSession, run?: Run) {
    this.#store = store;
    this.#feature = feature;
    this.#session = session;
    this.#run = run;
  }

  static async start(
    store: StoreContext,
    { feature, counts }: Increment<AnyFeature>,
    settings: { readonly materializationId?: string | undefined },
  ): Promise<RunRecord> {
    if (counts.new + counts.stale === 0) return new RunRecord(store, feature);
    const session = await store.connect(feature);
    try {
      return new RunRecord(store, feature, session, await startRun(store, session, feature, settings));
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  async recordFailures(failures: readonly Failure[]): Promise<void> {
    if (this.#session === undefined || failures.length === 0) return;
    await recordFailures(this.#store, this.#session, this.#feature, failures as never, {
      runId: this.#run?.id,
    });
  }

  /** `seconds` is what calls of the worker took. */
  async finish(totals: ProcessTotals<AnyFeature>, seconds: number): Promise<void> {
    if (this.#session === undefined || this.#run === undefined) return;
    const { written, empty, skipped, rows, failed } = totals;
    const items = written + empty + skipped;
    await finishRun(this.#store, this.#session, this.#run, { items, failed: failed.length, rows, seconds });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.close();
  }
}
