import type { Feature, FeatureTypes } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Increment, RowsInput } from "../../increment.ts";
import { BindParameters } from "../bind-parameters.ts";
import { CheckpointWriter } from "../checkpoint/checkpoint-writer.ts";
import { isMoved } from "../checkpoint/resolved-sources.ts";
import type { EngineSession } from "../engine.ts";
import { type Compared, compare } from "../resolve/compare.ts";
import { type AnyResolveOptions, assertOptions } from "../resolve/resolve-options.ts";
import { checkRows } from "../staging/check-rows.ts";
import { stageRows } from "../staging/stage-rows.ts";
import { stagingSchemaOf } from "../staging/staging-schema.ts";
import type { StoreContext } from "../store-context.ts";
import { recordHash } from "../tables/meta-table.ts";
import { FeatureIncrement } from "./feature-increment.ts";

/** Resolves an increment. */
export async function resolveIncrement<F extends Feature<FeatureTypes>>(
  store: StoreContext,
  feature: F,
  options: AnyResolveOptions,
): Promise<Increment<F>> {
  assertOptions(feature, options);
  const session = await store.connect(feature);
  try {
    const parameters = new BindParameters();
    const comparison = { store, session, feature, options, parameters };
    const resolved = await compareSides(comparison, async (compared) => compared);
    for (const warning of resolved.warnings) store.warn(warning);
    const checkpointWriter = await startCheckpointWriter(
      store,
      session,
      feature,
      resolved,
      options.excludeFailed === true ? resolved.failed : 0,
    );
    const lenient = options.lenient === true;
    return new FeatureIncrement<F>({
      store,
      session,
      feature,
      parameters,
      checkpointWriter,
      lenient,
      ...resolved,
    });
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** What is compared, and where. */
export interface ComparisonRequest {
  readonly store: StoreContext;
  readonly session: EngineSession;
  readonly feature: AnyFeature;
  readonly options: AnyResolveOptions;
  readonly parameters: BindParameters;
}

/**
 * Stages samples, then inspects tables, compares, and reads more, in one transaction: all that is seen is one state of
 * the database.
 */
export async function compareSides<T>(
  { store, session, feature, options, parameters }: ComparisonRequest,
  read: (compared: Compared) => Promise<T>,
): Promise<T> {
  const samples =
    options.samples === undefined
      ? undefined
      : await stageSamples(session, feature, options.samples, options.signal);
  const comparing = async () => read(await compare(store, session, feature, options, samples, parameters));
  return session.exclusive(() => retryIfMoved(() => session.transaction(comparing)), options.signal);
}

const attempts = 3;

/** A checkpoint of the database may move row ids between two reads of a table; then the comparison runs again. */
async function retryIfMoved<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !isMoved(error)) throw error;
    }
  }
}

/**
 * Follows which work items get written. Where nothing is to be written, it stores the checkpoint at once. `failed` are
 * those that were left out of the sets.
 */
async function startCheckpointWriter(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
  { incremental, counts, pendingUpstream: pending }: Compared,
  failed: number,
): Promise<CheckpointWriter | undefined> {
  if (incremental === undefined || store.readOnly) return undefined;
  const checkpointWriter = new CheckpointWriter(feature, incremental, { ...counts, failed }, pending);
  if (!incremental.isUpToDate && counts.new + counts.stale + counts.orphaned + failed === 0) {
    await store.writing(session, async () => {
      await recordHash(session, store.algorithm);
      await checkpointWriter.writeComplete(session);
    });
  }
  return checkpointWriter;
}

/** Stages samples: rows with their provenance, one per grain. Returns SQL of them. */
async function stageSamples(
  session: EngineSession,
  feature: AnyFeature,
  samples: RowsInput<object>,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { grain, checks } = feature.plan;
  const schema = stagingSchemaOf(feature);
  const raw = await stageRows(session, "stemma_samples_given", samples, schema, signal);
  const requirements = {
    ...schema,
    required: grain,
    unique: grain,
    checks: checks ?? [],
    provenance: "required",
  } as const;
  const checked = await session.exclusive(() => checkRows(session, raw, requirements), signal);
  return checked.sql;
}
