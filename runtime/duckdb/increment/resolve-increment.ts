import type { Feature, FeatureTypes } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Increment } from "../../increment.ts";
import { recordHash } from "../connection/hash-record.ts";
import { Parameters } from "../connection/parameters.ts";
import type { Session } from "../connection/session.ts";
import { stageSamples } from "../incoming/stage-samples.ts";
import { isMoved } from "../recall/resolved-sources.ts";
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
    const comparing = () => compare(store, session, feature, options, samples, parameters);
    const resolved = await session.exclusive(
      () => whileUnmoved(() => session.transaction(comparing)),
      options.signal,
    );
    for (const warning of resolved.warnings) store.warn(warning);
    const progress = await followProgress(store, session, feature, resolved);
    const lenient = options.lenient === true;
    return new DuckIncrement<F>({ store, session, feature, parameters, progress, lenient, ...resolved });
  } catch (error) {
    await session.close();
    throw error;
  }
}

const attempts = 3;

/** A checkpoint may move row ids between two looks at a table; then another comparison sees them where they are. */
async function whileUnmoved<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !isMoved(error)) throw error;
    }
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
