import type { DerivedPlan } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import type { PendingUpstream } from "../../increment.ts";
import type { EngineSession } from "../engine.ts";
import type { AffectedKeys } from "../tables/relation.ts";
import { affectedKeysTable, collectAffectedKeys, type GrownSource } from "./affected-keys.ts";
import { type Checkpoint, hasPendingItems, pendingItems, type StoredCheckpoint } from "./checkpoint.ts";
import { checkpointSources, isCheckpointValid, type SourceCheckpoint } from "./source-checkpoint.ts";
import type { SourceState } from "./source-state.ts";
import type { UpstreamSource } from "./upstream-sources.ts";

/** What is known of the logs of a feature when it is resolved: enough to say afterwards how far they were read. */
export interface IncrementalState {
  readonly planFingerprint: string;
  /** How far the logs are read by this resolve: each upstream, the markers of empty parents, and last the target. */
  readonly sources: readonly SourceCheckpoint[];
  /** For each log, which of its rows need a look; undefined where all do. */
  readonly affected: readonly AffectedKeys[] | undefined;
  /** Whether the record says already what this resolve can say at best: no log grew, and nothing is open. */
  readonly isUpToDate: boolean;
  /** Upstream features that wait, by those whose log did not grow since. */
  readonly pendingByUpstream: ReadonlyMap<string, readonly PendingUpstream[]>;
}

/** Looking at more than this share of a log one by one costs more than looking at all of it at once. */
const incrementalThreshold = 0.3;

/** Loads what the last completed resolve found, and creates the table of the join keys that were affected since. */
export async function loadCheckpoint(
  session: EngineSession,
  feature: AnyFeature,
  plan: DerivedPlan,
  { planFingerprint, checkpoint }: StoredCheckpoint,
  upstream: readonly UpstreamSource[],
  logs: readonly SourceState[],
): Promise<IncrementalState> {
  const partial = checkpoint !== undefined && (await isCheckpointUsable(session, feature, checkpoint, logs));
  if (!partial) {
    const sources = await checkpointSources(session, logs, []);
    return { planFingerprint, sources, affected: undefined, isUpToDate: false, pendingByUpstream: new Map() };
  }
  const sources = await checkpointSources(session, logs, checkpoint.sources);
  const grown = logs.flatMap((log, index): GrownSource[] => {
    const { table } = log;
    if (table === undefined || sources[index] === checkpoint.sources[index]) return [];
    return [{ ...log, table, since: offsetIn(checkpoint, index) }];
  });
  const pendingSql = pendingItems(feature, planFingerprint, checkpoint);
  const isUpToDate = grown.length === 0 && pendingSql === undefined;
  if (!isUpToDate) await collectAffectedKeys(session, plan, grown, pendingSql);
  const affected = logs.map(({ name, on, isMonotonic }, index) => ({
    table: affectedKeysTable,
    on,
    isOnlyChangedSource: pendingSql === undefined && grown.every((log) => log.name === name),
    newerFrom: isMonotonic ? offsetIn(checkpoint, index) : undefined,
  }));
  return {
    planFingerprint,
    sources,
    affected,
    isUpToDate,
    pendingByUpstream: unchangedPending(checkpoint, upstream, sources),
  };
}

async function isCheckpointUsable(
  session: EngineSession,
  feature: AnyFeature,
  checkpoint: Checkpoint,
  logs: readonly SourceState[],
): Promise<boolean> {
  for (const [index, log] of logs.entries()) {
    const source = checkpoint.sources[index];
    if (source?.table !== log.name || !isCheckpointValid(source, log)) return false;
    const offset = Number(log.table?.offset ?? 0n);
    if (offset - Number(source.offset) > incrementalThreshold * offset) return false;
  }
  return hasPendingItems(session, feature, checkpoint);
}

function offsetIn({ sources }: Checkpoint, index: number): bigint {
  return BigInt(sources[index]?.offset ?? 0);
}

function unchangedPending(
  { sources: logs, pendingUpstream }: Checkpoint,
  upstream: readonly UpstreamSource[],
  sources: readonly SourceCheckpoint[],
): Map<string, readonly PendingUpstream[]> {
  // Records of an older runtime give no reasons.
  if (pendingUpstream.some(({ reason }) => reason === undefined)) return new Map();
  const unchanged = upstream.filter((_, index) => logs[index] === sources[index]);
  return new Map(unchanged.map(({ key }) => [key, pendingUpstream.filter(({ feature }) => feature === key)]));
}
