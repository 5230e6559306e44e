import type { DerivedPlan } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import type { PendingUpstream } from "../../increment.ts";
import { isExpansion, markerTable } from "../comparison/empty-parents.ts";
import type { UpstreamSource } from "../comparison/upstream-source.ts";
import type { HashAlgorithm } from "../connection/sample-hash.ts";
import type { Session } from "../connection/session.ts";
import { inspectTable, type PhysicalTable } from "../tables/physical-table.ts";
import { coverOf, type LogCover, stillCovers } from "./log-cover.ts";
import { openGrains, readRecord, recipeOf, type SyncRecord } from "./sync-record.ts";
import { canBeTouched, collectTouched, joinColumns, type WatchedLog } from "./touched-grains.ts";

/** What is known of the logs of a feature when it is resolved: enough to say afterwards how far they were read. */
export interface Recollection {
  readonly recipe: string;
  /** How far the logs are read by this resolve: each upstream, the markers of empty parents, and last the target. */
  readonly covers: readonly LogCover[];
  /** Whether only the touched grains need a look; else all do. */
  readonly partial: boolean;
  /** Whether the record says already what this resolve can say at best: no log grew, and nothing is open. */
  readonly isCurrent: boolean;
  /** Upstream features that wait, by those whose log did not grow since. */
  readonly pending: ReadonlyMap<string, PendingUpstream | undefined>;
}

/** Looking at more than this share of a log one by one costs more than looking at all of it at once. */
const worthwhileShare = 0.3;

/**
 * Recalls what the last completed resolve found, and makes the table of the join keys that were touched since.
 *
 * Undefined where the shape of the feature does not allow to tell them.
 */
export async function recall(
  session: Session,
  feature: AnyFeature,
  plan: DerivedPlan,
  algorithm: HashAlgorithm,
  upstream: readonly UpstreamSource[],
  target: PhysicalTable | undefined,
): Promise<Recollection | undefined> {
  if (!canBeTouched(feature, plan)) return undefined;
  const recipe = await recipeOf(session, feature, algorithm);
  const logs = await watchedLogs(session, feature, plan, upstream, target);
  const covers: LogCover[] = [];
  for (const { name, table, idColumns } of logs) covers.push(await coverOf(session, name, table, idColumns));

  const record = await readRecord(session, recipe);
  const partial = record !== undefined && (await isWorthwhile(session, record, logs));
  if (!partial || record === undefined)
    return { recipe, covers, partial: false, isCurrent: false, pending: new Map() };
  const newer = logs.flatMap((log, index): WatchedLog[] => {
    const { table } = log;
    return table === undefined ? [] : [{ ...log, table, since: positionIn(record, index) }];
  });
  const touched = await collectTouched(session, plan, newer, await openGrains(session, feature, recipe));
  const isCurrent =
    touched === 0 && covers.every(({ position }, index) => position === record.logs[index]?.position);
  return { recipe, covers, partial, isCurrent, pending: unchangedPending(record, upstream, covers) };
}

interface NamedLog extends Omit<WatchedLog, "table" | "since"> {
  readonly name: string;
  readonly table: PhysicalTable | undefined;
}

async function watchedLogs(
  session: Session,
  feature: AnyFeature,
  plan: DerivedPlan,
  upstream: readonly UpstreamSource[],
  target: PhysicalTable | undefined,
): Promise<NamedLog[]> {
  const same = Object.fromEntries(joinColumns(plan).map((column) => [column, column]));
  const own = { featureVersion: feature.featureVersion, on: same };
  const markers = isExpansion(feature) ? await inspectTable(session, markerTable(feature)) : undefined;
  return [
    ...upstream.map(({ facts, table }) => ({
      name: facts.table,
      table,
      featureVersion: facts.featureVersion,
      idColumns: facts.idColumns,
      on: facts.on,
    })),
    { ...own, name: markerTable(feature), table: markers, idColumns: plan.grain },
    { ...own, name: feature.table, table: target, idColumns: feature.spec.idColumns },
  ];
}

async function isWorthwhile(
  session: Session,
  record: SyncRecord,
  logs: readonly NamedLog[],
): Promise<boolean> {
  for (const [index, { name, table, idColumns }] of logs.entries()) {
    const cover = record.logs[index];
    if (cover?.table !== name || !(await stillCovers(session, cover, table, idColumns))) return false;
    const newer = Number((table?.position ?? 0n) - BigInt(cover.position));
    if (newer > worthwhileShare * Number(table?.position ?? 0n)) return false;
  }
  return true;
}

function positionIn(record: SyncRecord, index: number): bigint {
  return BigInt(record.logs[index]?.position ?? 0);
}

function unchangedPending(
  record: SyncRecord,
  upstream: readonly UpstreamSource[],
  covers: readonly LogCover[],
): Map<string, PendingUpstream | undefined> {
  const unchanged = upstream.filter((_, index) => record.logs[index]?.position === covers[index]?.position);
  return new Map(
    unchanged.map(({ key }) => [key, record.pendingUpstream.find(({ feature }) => feature === key)]),
  );
}
