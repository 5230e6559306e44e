import type { Feature, FeatureTypes } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Increment } from "../../increment.ts";
import { recordHash } from "../../duckdb/hash-record.ts";
import { BindParameters } from "../../duckdb/bind-parameters.ts";
import type { Session } from "../../duckdb/session.ts";
import { stageSamples } from "../staging/stage-samples.ts";
import { isMoved } from "../checkpoint/resolved-sources.ts";
import { CheckpointWriter } from "../checkpoint/checkpoint-writer.ts";
import type { StoreContext } from "../store-context.ts";
import { type Compared, compare } from "../resolve/compare.ts";
import { DuckIncrement } from "./feature-increment.ts";
import { type AnyResolveOptions, assertOptions } from "../resolve/resolve-options.ts";

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
    const parameters = new BindParameters();
    const samples =
      options.samples === undefined ? undefined : await stageSamples(session, feature, options.samples);
    const comparing = () => compare(store, session, feature, options, samples, parameters);
    const resolved = await session.exclusive(
      () => retryIfMoved(() => session.transaction(comparing)),
      options.signal,
    );
    for (const warning of resolved.warnings) store.warn(warning);
    const checkpointWriter = await startCheckpointWriter(store, session, feature, resolved);
    const lenient = options.lenient === true;
    return new DuckIncrement<F>({ store, session, feature, parameters, checkpointWriter, lenient, ...resolved });
  } catch (error) {
    await session.close();
    throw error;
  }
}

const attempts = 3;

/** A checkpoint may move row ids between two looks at a table; then another comparison sees them where they are. */
async function retryIfMoved<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !isMoved(error)) throw error;
    }
  }
}

/** Follows what gets answered. Where nothing is to be answered, that is recorded at once. */
async function startCheckpointWriter(
  store: StoreContext,
  session: Session,
  feature: AnyFeature,
  { incremental, counts, pendingUpstream: pending }: Compared,
): Promise<CheckpointWriter | undefined> {
  if (incremental === undefined || store.readOnly) return undefined;
  const checkpointWriter = new CheckpointWriter(feature, incremental, counts, pending);
  if (!incremental.isUpToDate && counts.new + counts.stale + counts.orphaned === 0) {
    await store.writing(session, async () => {
      await recordHash(session, store.algorithm);
      await checkpointWriter.writeComplete(session);
    });
  }
  return checkpointWriter;
}
