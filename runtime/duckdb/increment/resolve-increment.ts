import type { Feature, FeatureTypes } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Increment } from "../../increment.ts";
import { recordHash } from "../connection/hash-record.ts";
import { Parameters } from "../connection/parameters.ts";
import type { Session } from "../connection/session.ts";
import { stageSamples } from "../incoming/stage-samples.ts";
import { SyncProgress } from "../recall/sync-progress.ts";
import type { StoreContext } from "../store-context.ts";
import { type Compared, compare } from "./compare.ts";
import { DuckIncrement } from "./duck-increment.ts";
import { type AnyResolveOptions, assertOptions } from "./resolve-options.ts";

/**
 * Resolves an increment: stages samples, then looks at tables and compares in one transaction, so that what is
 * compared is one state of the database.
 */
export async function resolveIncrement<F extends Feature<FeatureTypes>>(
  store: StoreContext,
  feature: F,
  options: AnyResolveOptions,
): Promise<Increment<F>> {
  assertOptions(feature, options);
  const session = await store.connect(feature);
  try {
    const parameters = new Parameters();
    const samples =
      options.samples === undefined ? undefined : await stageSamples(session, feature, options.samples);
    const resolved = await session.exclusive(
      () => session.transaction(() => compare(store, session, feature, options, samples, parameters)),
      options.signal,
    );
    for (const warning of resolved.warnings) store.warn(warning);
    const progress = await followProgress(store, session, feature, resolved);
    return new DuckIncrement<F>({ store, session, feature, parameters, progress, ...resolved });
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Follows what gets answered. Where nothing is to be answered, that is recorded at once. */
async function followProgress(
  store: StoreContext,
  session: Session,
  feature: AnyFeature,
  { recollection, counts, pendingUpstream: pending }: Compared,
): Promise<SyncProgress | undefined> {
  if (recollection === undefined || store.readOnly) return undefined;
  const progress = new SyncProgress(feature, recollection, counts, pending);
  if (!recollection.isCurrent && counts.new + counts.stale + counts.orphaned === 0) {
    await store.writing(session, async () => {
      await recordHash(session, store.algorithm);
      await progress.recordSync(session);
    });
  }
  return progress;
}
