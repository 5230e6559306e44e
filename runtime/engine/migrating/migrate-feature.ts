import type { PreviousDefinition } from "../../contract.ts";
import { quoteLiteral } from "../../dialect/sql-text.ts";
import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { MigrateOptions, MigrateResult, MigrationStep } from "../../migrating.ts";
import type { EngineSession } from "../engine.ts";
import { assertKnownOptions } from "../known-options.ts";
import { assertWritable, type CompactableStore, type StoreContext } from "../store-context.ts";
import { changeTable, needsRewrite } from "../tables/change-table.ts";
import { appendEmptyParents } from "../tables/empty-parents.ts";
import { assertNoView, featureTable } from "../tables/feature-tables.ts";
import { carryIdColumns } from "../tables/id-columns.ts";
import { rowTime } from "../tables/latest-rows.ts";
import { recordHash } from "../tables/meta-table.ts";
import { type PhysicalTable, qualifiedName } from "../tables/physical-table.ts";
import type { TableChange } from "../tables/table-changes.ts";
import { writeRows } from "../writing/write-rows.ts";
import { recordCarriedOver } from "./carried-over-times.ts";
import { planMigration } from "./plan-migration.ts";
import { stageCarried } from "./stage-carried.ts";

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

/** What a rename carries over. */
export interface CarriedOver {
  /** Work items: samples, groups, or the parents of an expansion. */
  readonly samples: number;
  /** Rows that were appended under the current version. */
  readonly rows: number;
  /** Parents of an expansion that are marked as empty; `samples` includes them. */
  readonly emptyParents: number;
  /** Work items that stay under the former version, since they were not up to date there: they are new. */
  readonly left: number;
  /** The version that the rows had. */
  readonly from: string;
  /** The table that holds them. */
  readonly table: string;
  /** Keys of upstream features that have samples under their former version only: carry over or run those first. */
  readonly waitsFor: readonly string[];
  /**
   * A version under which rows were written later, while only some of a root's names had changed. Nothing is carried
   * over then, since older rows would become current again: remove the `renamedFrom` of the earlier rename.
   */
  readonly supersededBy?: string;
}

/**
 * Carries rows over a rename: rows that are stored under the version that the feature had before names changed, in its
 * own spec or upstream, are appended under the current version. Within a transaction of the session, upstream features
 * first.
 *
 * It carries over the samples that were up to date and whose upstream rows are the same now: renamed, carried over, or
 * written again with the same data versions. All others stay new, and so do samples with a row under the current
 * version, even a mark of deletion. User columns and `metaxy_created_at` are kept; provenance is hashed again under the
 * new names, and a data version of the writer's own stays.
 *
 * @returns undefined if no name changed.
 * @throws StoreError `column-type` if a stored value is not of the declared type.
 * @example
 * ```ts
 * await store.writing(session, () => carryOver(store, session, Video));
 * // { samples: 100, rows: 100, left: 2, from: "83296faf…", table: "video", … }
 * ```
 */
export async function carryOver(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<CarriedOver | undefined> {
  const { previous } = feature;
  if (previous === undefined) return undefined;
  if (!dryRun) assertWritable(store);
  const facts = { from: previous.featureVersion, table: previous.table };
  const supersededBy = await laterVersion(session, feature, previous);
  if (supersededBy !== undefined)
    return { samples: 0, rows: 0, emptyParents: 0, left: 0, waitsFor: [], ...facts, supersededBy };
  const staged = await stageCarried(session, feature, previous, "upToDate");
  const { rows, emptyParents, waitsFor } = staged;
  const { present: _, ...counts } = staged.counts;
  if (!dryRun && counts.samples > 0) {
    const carried = { sql: rows, bindings: undefined, keepsCreated: true };
    const { time } = await writeRows(store, session, feature, carried, {});
    if (counts.emptyParents > 0) await appendEmptyParents(session, feature, emptyParents);
    const { table, featureVersion } = feature;
    const { table: fromTable, featureVersion: fromVersion } = previous;
    await recordCarriedOver(session, { table, featureVersion, fromTable, fromVersion }, time);
  }
  return { ...counts, waitsFor, ...facts };
}

/** The version of rows that were written later, while only some names had changed. */
async function laterVersion(
  session: EngineSession,
  feature: AnyFeature,
  { table, featureVersion, between = [] }: PreviousDefinition,
): Promise<string | undefined> {
  if (between.length === 0) return undefined;
  const versions = [featureVersion, ...between].map(quoteLiteral).join(", ");
  const logs: string[] = [];
  for (const name of new Set([table, feature.table])) {
    const log = qualifiedName(name);
    if ((await session.columnsOf(log))?.has("metaxy_feature_version") !== true) continue;
    logs.push(`SELECT metaxy_feature_version AS version, ${rowTime(session.dialect)} AS time FROM ${log}
      WHERE metaxy_feature_version IN (${versions})`);
  }
  if (logs.length === 0) return undefined;
  const [last] = await session.rows(
    `SELECT version FROM (${logs.join(" UNION ALL ")}) ORDER BY time DESC NULLS LAST LIMIT 1`,
  );
  const version = last?.["version"];
  return version === undefined || version === featureVersion ? undefined : String(version);
}
