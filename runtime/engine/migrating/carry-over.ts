import type { PreviousDefinition } from "../../contract.ts";
import { quoteLiteral } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { assertWritable, type StoreContext } from "../store-context.ts";
import { appendEmptyParents } from "../tables/empty-parents.ts";
import { rowTime } from "../tables/latest-rows.ts";
import { qualifiedName } from "../tables/physical-table.ts";
import { writeRows } from "../writing/write-rows.ts";
import { recordCarriedOver } from "./carried-over-times.ts";
import { stageCarried } from "./stage-carried.ts";

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
  const { rows, emptyParents, counts, waitsFor } = await stageCarried(session, feature, previous);
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
