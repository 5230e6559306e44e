import type { Dialect } from "../../dialect/dialect.ts";
import { isStemmaError, StoreError } from "../../errors.ts";
import type { EngineSession } from "../engine.ts";
import type { TableSchema } from "../tables/physical-table.ts";
import { tailFingerprintSql } from "./source-checkpoint.ts";
import type { SourceState } from "./source-state.ts";

/**
 * A table as a resolve read it: an increment reads its sets from the rows whose ids are below the offset, long after.
 *
 * That holds as long as rows are only appended. A physical deletion takes rows away, and a checkpoint after it moves
 * the ids of others, even under an open transaction.
 */
export interface ResolvedSource {
  /** Key of its feature. */
  readonly key: string;
  readonly table: TableSchema;
  readonly idColumns: readonly string[];
  /** One above the highest row id. */
  readonly offset: bigint;
  /** Rows below the offset. */
  readonly rowCount: bigint;
  /** Tells the row that is last below the offset. */
  readonly tailFingerprint: string;
}

/** The tables that the sets of an increment are read from. */
export interface ResolvedSources {
  /** What the rows of `new` and `stale` come from. */
  readonly expected: readonly ResolvedSource[];
  /** What the rows of `orphaned` come from. */
  readonly stored: readonly ResolvedSource[];
}

/**
 * Takes the fingerprints of logs that were watched earlier in the running transaction.
 *
 * @throws StoreError `conflict` where row ids moved since: what was read in between may be wrong.
 */
export async function resolvedSources(
  session: EngineSession,
  logs: readonly SourceState[],
): Promise<ResolvedSource[]> {
  const filled = logs.flatMap(({ key, table, rowCount, idColumns, hasStableRowIds }) =>
    // Rows without row ids were copied: they are the session's own, and nobody else changes them.
    table === undefined || table.offset === 0n || !hasStableRowIds
      ? []
      : [{ key, table, idColumns, offset: table.offset, rowCount }],
  );
  const tails = await fetchBySource(session, filled, (source) => [tailSql(session.dialect, source)]);
  return filled.map((source, index) => {
    const tailFingerprint = tails.get(index)?.["tail"];
    if (typeof tailFingerprint !== "string") throw movedError(session, source.key);
    return { ...source, tailFingerprint };
  });
}

/**
 * Refuses to go on where rows of sources were physically deleted, or their ids moved, since they were resolved. To be
 * called after they were read, within the same transaction: ids may move between two of its statements.
 *
 * @throws StoreError `conflict`.
 */
export async function assertSourcesUnmoved(
  session: EngineSession,
  sources: readonly ResolvedSource[],
): Promise<void> {
  const found = await fetchBySource(session, sources, (source) => [
    tailSql(session.dialect, source),
    rowsSql(session.dialect, source),
  ]);
  for (const [index, { key, rowCount, tailFingerprint }] of sources.entries()) {
    const { tail, rows } = found.get(index) ?? {};
    if (tail !== tailFingerprint || rows !== rowCount) throw movedError(session, key);
  }
}

/** Whether an error says that row ids moved, so that only another resolve helps. */
export function isMoved(error: unknown): boolean {
  return isStemmaError(error, "conflict") && error.facts["resolveAgain"] === true;
}

async function fetchBySource<Source>(
  session: EngineSession,
  sources: readonly Source[],
  columns: (source: Source) => readonly string[],
): Promise<ReadonlyMap<unknown, Record<string, unknown>>> {
  if (sources.length === 0) return new Map();
  const queries = sources.map(
    (source, index) => `SELECT ${[`${index} AS source`, ...columns(source)].join(", ")}`,
  );
  const rows = await session.rows(queries.join(" UNION ALL "));
  return new Map(rows.map((row) => [row["source"], row]));
}

type Bounded = Pick<ResolvedSource, "table" | "idColumns" | "offset">;

function tailSql(dialect: Dialect, { table, idColumns, offset }: Bounded): string {
  return `(SELECT ${tailFingerprintSql(dialect, table.columns, idColumns)} FROM ${table.name} WHERE ${dialect.log.isTail(offset)}) AS tail`;
}

/** Rows that the running transaction appended are above the offset. */
function rowsSql(dialect: Dialect, { table, offset }: Bounded): string {
  return `(SELECT count(*) FROM ${table.name}) - (SELECT count(*) FROM ${table.name} WHERE ${dialect.log.since(offset)}) AS rows`;
}

function movedError(session: EngineSession, key: string): StoreError {
  return new StoreError(
    "conflict",
    `Rows of ${key} in ${session.database} were physically deleted or moved since this increment was resolved, so that what it would read from them is not all of its rows any more. Nothing was written: resolve again.`,
    { feature: key, database: session.database, resolveAgain: true },
  );
}
