import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { MigrateOptions, MigrateResult, MigrationStep } from "../../migrating.ts";
import type { EngineSession } from "../engine.ts";
import { assertKnownOptions } from "../known-options.ts";
import { assertWritable, type CompactableStore } from "../store-context.ts";
import { changeTable, needsRewrite } from "../tables/change-table.ts";
import { assertNoView, featureTable } from "../tables/feature-tables.ts";
import { carryIdColumns } from "../tables/id-columns.ts";
import { recordHash } from "../tables/meta-table.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import type { TableChange } from "../tables/table-changes.ts";
import { type CarriedOver, carryOver } from "./carry-over.ts";
import { planMigration } from "./plan-migration.ts";

/**
 * Brings the table of a feature to the columns that its spec declares, or plans the steps. All or nothing.
 *
 * Each stored value stays exactly what it is; `drop` removes values that the declared type can't hold.
 */
export async function migrateFeature(
  store: CompactableStore,
  feature: AnyFeature,
  options: MigrateOptions,
): Promise<MigrateResult> {
  assertKnownOptions("migrate", options, ["dryRun", "drop", "signal"]);
  const { dryRun = false, drop = false, signal } = options;
  if (!dryRun) assertWritable(store);
  const session = await store.connect(feature);
  try {
    if (dryRun)
      return await session.exclusive(
        () => session.transaction(() => plan(store, session, feature, drop)),
        signal,
      );
    const result = await store.writing(session, () => migrate(store, session, feature, drop), signal);
    // A rewritten table has new offsets, and the space of the old one is free.
    if (result.steps.length > 0) await store.checkpointDatabase(session);
    return result;
  } finally {
    await session.close();
  }
}

async function plan(
  store: CompactableStore,
  session: EngineSession,
  feature: AnyFeature,
  drop: boolean,
): Promise<MigrateResult> {
  const table = await featureTable(session, feature);
  const planned = table === undefined ? undefined : await planMigration(session, feature, table, drop);
  const carried = await carryOver(store, session, feature, { dryRun: true });
  return { existed: table !== undefined, steps: [...(planned?.steps ?? []), ...carriedSteps(carried)] };
}

function carriedSteps(carried: CarriedOver | undefined): MigrationStep[] {
  if (carried === undefined) return [];
  const { samples, rows, from, table, left, waitsFor } = carried;
  if (samples + waitsFor.length === 0) return [];
  return [{ kind: "carry-over", from, table, samples, rows, left, waitsFor }];
}

async function migrate(
  store: CompactableStore,
  session: EngineSession,
  feature: AnyFeature,
  drop: boolean,
): Promise<MigrateResult> {
  const table = await featureTable(session, feature);
  const steps = table === undefined ? [] : await changeStored(store, session, feature, table, drop);
  const carried = await carryOver(store, session, feature);
  return { existed: table !== undefined, steps: [...steps, ...carriedSteps(carried)] };
}

async function changeStored(
  store: CompactableStore,
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  drop: boolean,
): Promise<readonly MigrationStep[]> {
  await assertNoView(session, feature);
  const { steps, changes } = await planMigration(session, feature, table, drop);
  if (changes.length > 0) {
    await assertRewritable(session, feature, changes);
    await recordHash(session, store.algorithm);
    await changeTable(session, feature.table, changes);
    await carryIdColumns(session, { table: feature.table, idColumns: feature.spec.idColumns }, table);
  }
  return steps;
}

/**
 * Refuses to rewrite a table to which another program added constraints, keys, indexes or defaults: the new table would
 * lack them.
 *
 * @throws StoreError `table-shape`.
 */
async function assertRewritable(
  session: EngineSession,
  { key, table }: AnyFeature,
  changes: readonly TableChange[],
): Promise<void> {
  if (!needsRewrite(changes)) return;
  const { catalog } = session;
  const defaults = (await catalog.columnsWithDefault(table)).map((column) => `default of ${column}`);
  const held = [...(await catalog.constraintsOf(table)), ...defaults];
  if (held.length === 0) return;
  throw new StoreError(
    "table-shape",
    `The table ${table} of ${key} in ${session.database} would have to be written anew, and has what would be lost by that: ${held.join(", ")}. Make it anew without them, or let the program that made it change its columns.`,
    { feature: key, table, held },
  );
}
