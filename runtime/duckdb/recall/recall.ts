import type { DerivedPlan } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import type { PendingUpstream } from "../../increment.ts";
import type { UpstreamSource } from "../comparison/upstream-source.ts";
import type { Session } from "../connection/session.ts";
import type { Touched } from "../tables/relation.ts";
import { coversOf, type LogCover, stillCovers } from "./log-cover.ts";
import { holdsOpenGrains, openGrains, type Recorded, type SyncRecord } from "./sync-record.ts";
import { collectTouched, type GrownLog, touchedTable } from "./touched-grains.ts";
import type { WatchedLog } from "./watched-log.ts";

/** What is known of the logs of a feature when it is resolved: enough to say afterwards how far they were read. */
export interface Recollection {
  readonly recipe: string;
  /** How far the logs are read by this resolve: each upstream, the markers of empty parents, and last the target. */
  readonly covers: readonly LogCover[];
  /** For each log, which of its rows need a look; undefined where all do. */
  readonly touched: readonly Touched[] | undefined;
  /** Whether the record says already what this resolve can say at best: no log grew, and nothing is open. */
  readonly isCurrent: boolean;
  /** Upstream features that wait, by those whose log did not grow since. */
  readonly pending: ReadonlyMap<string, readonly PendingUpstream[]>;
}

/** Looking at more than this share of a log one by one costs more than looking at all of it at once. */
const worthwhileShare = 0.3;

/** Recalls what the last completed resolve found, and makes the table of the join keys that were touched since. */
export async function recall(
  session: Session,
  feature: AnyFeature,
  plan: DerivedPlan,
  { recipe, record }: Recorded,
  upstream: readonly UpstreamSource[],
  logs: readonly WatchedLog[],
): Promise<Recollection> {
  const partial = record !== undefined && (await isWorthwhile(session, feature, record, logs));
  if (!partial) {
    const covers = await coversOf(session, logs, []);
    return { recipe, covers, touched: undefined, isCurrent: false, pending: new Map() };
  }
  const covers = await coversOf(session, logs, record.logs);
  const grown = logs.flatMap((log, index): GrownLog[] => {
    const { table } = log;
    if (table === undefined || covers[index] === record.logs[index]) return [];
    return [{ ...log, table, since: positionIn(record, index) }];
  });
  const open = openGrains(feature, recipe, record);
  const isCurrent = grown.length === 0 && open === undefined;
  if (!isCurrent) await collectTouched(session, plan, grown, open);
  const touched = logs.map(({ name, on, follows }, index) => ({
    table: touchedTable,
    on,
    isAlone: open === undefined && grown.every((log) => log.name === name),
    newerFrom: follows ? positionIn(record, index) : undefined,
  }));
  return { recipe, covers, touched, isCurrent, pending: unchangedPending(record, upstream, covers) };
}

async function isWorthwhile(
  session: Session,
  feature: AnyFeature,
  record: SyncRecord,
  logs: readonly WatchedLog[],
): Promise<boolean> {
  for (const [index, log] of logs.entries()) {
    const cover = record.logs[index];
    if (cover?.table !== log.name || !stillCovers(cover, log)) return false;
    const position = Number(log.table?.position ?? 0n);
    if (position - Number(cover.position) > worthwhileShare * position) return false;
  }
  return holdsOpenGrains(session, feature, record);
}

function positionIn({ logs }: SyncRecord, index: number): bigint {
  return BigInt(logs[index]?.position ?? 0);
}

function unchangedPending(
  { logs, pendingUpstream }: SyncRecord,
  upstream: readonly UpstreamSource[],
  covers: readonly LogCover[],
): Map<string, readonly PendingUpstream[]> {
  // Records of an older runtime give no reasons.
  if (pendingUpstream.some(({ reason }) => reason === undefined)) return new Map();
  const unchanged = upstream.filter((_, index) => logs[index] === covers[index]);
  return new Map(unchanged.map(({ key }) => [key, pendingUpstream.filter(({ feature }) => feature === key)]));
}
