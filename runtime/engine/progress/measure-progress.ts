import { formatTimestamp } from "../../columns/values/time-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { LastRun, Progress, ProgressOptions } from "../../progress.ts";
import { BindParameters } from "../bind-parameters.ts";
import { type FinishedRun, lastFinishedRun } from "../failures/runs.ts";
import { compareSides } from "../increment/resolve-increment.ts";
import { assertKnownOptions } from "../known-options.ts";
import { countStored } from "../resolve/count-stored.ts";
import { assertOptions } from "../resolve/resolve-options.ts";
import type { StoreContext } from "../store-context.ts";

/** Measures how far a feature is computed. Nothing is written, not even a checkpoint. */
export async function measureProgress(
  store: StoreContext,
  feature: AnyFeature,
  options: ProgressOptions<AnyFeature>,
): Promise<Progress<AnyFeature>> {
  assertKnownOptions("progress", options, [
    "samples",
    "filters",
    "globalFilters",
    "targetFilters",
    "staleIf",
    "fullRefresh",
    "signal",
  ]);
  assertOptions(feature, options);
  const session = await store.connect(feature);
  try {
    const parameters = new BindParameters();
    const request = { store, session, feature, options, parameters };
    return await compareSides(request, async (compared) => {
      const { counts, failed, pendingUpstream } = compared;
      for (const warning of compared.warnings) store.warn(warning);
      const tables = { table: compared.target, emptyParents: compared.emptyParents };
      const stored = await countStored(session, feature, tables, options, parameters);
      const upToDate = stored - counts.stale - counts.orphaned;
      const expected = upToDate + counts.stale + counts.new;
      const lastRun = await lastFinishedRun(session, feature);
      return {
        feature: feature.key,
        featureVersion: feature.featureVersion,
        expected,
        upToDate,
        ...counts,
        failed,
        share: expected === 0 ? null : upToDate / expected,
        pendingUpstream,
        lastRun: lastRun === undefined ? null : describeRun(lastRun),
        secondsLeft:
          lastRun === undefined
            ? null
            : ((counts.new + counts.stale - failed) * lastRun.elapsed) / lastRun.items,
      };
    });
  } finally {
    await session.close();
  }
}

function describeRun({ id, finishedAt, items, seconds, elapsed }: FinishedRun): LastRun {
  return { id, at: formatTimestamp(finishedAt), items, seconds: elapsed, secondsPerItem: seconds / items };
}
