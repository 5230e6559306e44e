import type { AnyFeature } from "../../feature.ts";
import type { RowsInput, WriteOptions, WriteResult } from "../../increment.ts";
import type { EngineSession } from "../engine.ts";
import { assertKnownOptions } from "../known-options.ts";
import { sampleHash } from "../resolve/expected-items.ts";
import { checkRows } from "../staging/check-rows.ts";
import { stageRows } from "../staging/stage-rows.ts";
import { requiredColumns, stagingSchemaOf } from "../staging/staging-schema.ts";
import { assertWritable, type StoreContext } from "../store-context.ts";
import { writeRows } from "./write-rows.ts";

/** Writes rows that carry their provenance, in a session of its own. */
export async function writeGiven(
  store: StoreContext,
  feature: AnyFeature,
  given: RowsInput<object>,
  options: WriteOptions,
): Promise<WriteResult> {
  assertKnownOptions("write", options, ["materializationId", "signal"]);
  assertWritable(store);
  const { signal } = options;
  const session = await store.connect(feature);
  try {
    const sql = await stageGiven(session, "stemma_given", feature, given, signal);
    return await store.writing(session, () => writeStaged(store, session, feature, sql, options), signal);
  } finally {
    await session.close();
  }
}

/** Stages rows that carry their provenance in a temporary table. Returns SQL of rows that are ready to be written. */
export async function stageGiven(
  session: EngineSession,
  table: string,
  feature: AnyFeature,
  rows: RowsInput<object>,
  signal?: AbortSignal,
): Promise<string> {
  const schema = stagingSchemaOf(feature);
  const raw = await stageRows(session, table, rows, schema, signal);
  const requirements = {
    ...schema,
    required: requiredColumns(feature),
    unique: feature.spec.idColumns,
    checks: feature.plan.checks ?? [],
    provenance: "required",
  } as const;
  const checked = await session.exclusive(() => checkRows(session, raw, requirements), signal);
  const hash = sampleHash(session.dialect, feature.plan.fieldMembers, "metaxy_provenance_by_field");
  return `SELECT *, ${hash} AS metaxy_provenance FROM (${checked.sql})`;
}

/** Writes rows that {@link stageGiven} staged. Within a transaction. */
export async function writeStaged(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
  sql: string,
  options: WriteOptions,
): Promise<WriteResult> {
  const { rows, superseded } = await writeRows(
    store,
    session,
    feature,
    { sql, bindings: undefined },
    options,
  );
  return { rows, superseded };
}
