import { isFeatureKey, tableOf } from "../../columns/table-name.ts";
import type { DropOptions, DropResult } from "../../deleting.ts";
import { InputError } from "../../errors.ts";
import { invalidateCheckpoints } from "../checkpoint/invalidate-checkpoints.ts";
import type { EngineSession } from "../engine.ts";
import { assertKnownOptions } from "../known-options.ts";
import { assertWritable, type CompactableStore } from "../store-context.ts";
import { assertFeatureTable, assertNoView } from "../tables/feature-tables.ts";
import { inspectSchema, qualifiedName } from "../tables/physical-table.ts";
import { type Belongings, belongingsOf, type NamedFeature } from "./feature-belongings.ts";

/** Drops the table of a feature and all that belongs to it, or counts what a drop would remove. All or nothing. */
export async function dropFeature(
  store: CompactableStore,
  feature: NamedFeature | string,
  options: DropOptions,
): Promise<DropResult> {
  assertKnownOptions("drop", options, ["dryRun", "signal"]);
  if (options.dryRun !== true) assertWritable(store);
  const named = namedFeature(feature);
  const { dryRun, signal } = options;
  const session = await store.connect({ hashLength: 64 });
  try {
    if (dryRun === true)
      return await session.exclusive(() => session.transaction(() => inspect(session, named)), signal);
    const result = await store.writing(session, () => drop(session, named), signal);
    if (result.tables.length > 0) await store.checkpointDatabase(session);
    return result;
  } finally {
    await session.close();
  }
}

/** The feature that a generated module exports, or the key of one whose spec is gone. */
function namedFeature(feature: NamedFeature | string): NamedFeature {
  if (typeof feature !== "string") return feature;
  if (isFeatureKey(feature)) return { key: feature, table: tableOf(feature) };
  throw new InputError(
    "unknown-feature",
    `${JSON.stringify(feature)} is not the key of a feature. Keys look like "video/raw".`,
    { feature },
  );
}

/** Counts what belongs to a feature. Refuses a table of another kind that has its name. Within a transaction. */
async function inspect(session: EngineSession, feature: NamedFeature): Promise<DropResult> {
  await assertNoView(session, feature);
  const schema = await inspectSchema(session, feature.table);
  if (schema !== undefined) assertFeatureTable(session, feature, schema);
  const { tables } = belongingsOf(feature);
  const present: string[] = [];
  for (const table of tables)
    if ((await session.columnsOf(qualifiedName(table))) !== undefined) present.push(table);
  if (schema === undefined) return { existed: false, rows: 0, tables: present };
  const [found] = await session.rows(`SELECT count(*) AS rows FROM ${schema.name}`);
  return { existed: true, rows: Number(found?.["rows"]), tables: present };
}

async function drop(session: EngineSession, feature: NamedFeature): Promise<DropResult> {
  const found = await inspect(session, feature);
  const belongings: Belongings = belongingsOf(feature);
  await invalidateCheckpoints(session, belongings.tables);
  for (const { table, from } of belongings.rows)
    if ((await session.columnsOf(qualifiedName(table))) !== undefined)
      await session.run(`DELETE FROM ${from}`);
  for (const table of found.tables) await session.run(`DROP TABLE ${qualifiedName(table)}`);
  return found;
}
