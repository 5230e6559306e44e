import { isFeatureKey, tableOf } from "../../columns/table-name.ts";
import type { DropOptions, DropResult } from "../../deleting.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import { checkpointTable, pendingItemsTable } from "../checkpoint/checkpoint.ts";
import { invalidateCheckpoints } from "../checkpoint/invalidate-checkpoints.ts";
import type { EngineSession } from "../engine.ts";
import { errorsTable } from "../failures/errors-table.ts";
import { runsTable } from "../failures/runs.ts";
import { assertKnownOptions } from "../known-options.ts";
import { carriedOverTable } from "../migrating/carried-over-times.ts";
import { assertWritable, type CompactableStore } from "../store-context.ts";
import { emptyParentsTable } from "../tables/empty-parents.ts";
import { assertFeatureTable, assertNoView } from "../tables/feature-tables.ts";
import { idColumnsTable } from "../tables/id-columns.ts";
import { metaTable } from "../tables/meta-table.ts";
import { createdFact } from "../tables/own-tables.ts";
import { inspectSchema, qualifiedName } from "../tables/physical-table.ts";

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

/** A feature that a store may hold: no more is needed than what names its table. */
export interface NamedFeature {
  readonly key: string;
  readonly table: string;
}

/** All that a store keeps for one feature. */
export interface Belongings {
  /** Names of tables that are the feature's alone; its own is the first. */
  readonly tables: readonly string[];
  /** Rows in tables that features share. */
  readonly rows: readonly SharedRows[];
}

/** The rows of a feature in a table that features share. */
export interface SharedRows {
  readonly table: string;
  /** SQL of these rows, behind FROM. */
  readonly from: string;
}

/** Lists all that belongs to a feature's table, so that nothing of it is left behind. */
function belongingsOf({ key, table }: NamedFeature): Belongings {
  return {
    tables: [table, emptyParentsTable({ table }), pendingItemsTable({ table }), errorsTable({ table })],
    rows: [
      sharedRows(checkpointTable, "feature", key),
      sharedRows(idColumnsTable, "table_name", table),
      sharedRows(runsTable, "feature", key),
      sharedRows(carriedOverTable, "table_name", table),
      { table: metaTable, from: createdFact(table) },
    ],
  };
}

function sharedRows(table: string, column: string, value: string): SharedRows {
  return { table, from: `${qualifiedName(table)} WHERE ${quoteIdentifier(column)} = ${quoteLiteral(value)}` };
}
