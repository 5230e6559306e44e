import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import type { PhysicalTable, TableSchema } from "../tables/physical-table.ts";
import { textType } from "../tables/relation.ts";
import type { SourceState } from "./source-state.ts";

/**
 * How far a log was read: rows below `offset` are known, the others are newer.
 *
 * That holds while rows are only appended. What gives a physical deletion or another table away: the number of rows,
 * and the last row.
 */
export interface SourceCheckpoint {
  readonly table: string;
  readonly offset: string;
  /** Rows that stood before the offset. */
  readonly rowCount: string;
  /** Tells the row at `offset - 1`; null where there is none. */
  readonly tailFingerprint: string | null;
  /** Columns and types: who changes them changes what rows read as. */
  readonly schemaFingerprint: string;
  /**
   * Microseconds of the latest of the rows under the feature version; null without any, `never` where nothing can be
   * later. Absent in records of an older runtime.
   */
  readonly watermark?: string | null;
  /** Rows of the feature version that lack an id; absent without any. */
  readonly nullIds?: number;
}

/** Columns and types of a table, as text. */
export function fingerprintSchema(table: TableSchema): string {
  return [...table.columns].map(([name, type]) => `${name} ${type.text}`).join(", ");
}

/** Whether nothing but appends happened to a log since. */
export function isCheckpointValid(
  checkpoint: SourceCheckpoint,
  { table, rowCount, tailFingerprint, nullIds }: SourceState,
): boolean {
  const offset = BigInt(checkpoint.offset);
  if (table === undefined) return offset === 0n;
  if (table.offset < offset || (offset > 0n && fingerprintSchema(table) !== checkpoint.schemaFingerprint))
    return false;
  // Ids are taken away in place only, which the number of rows does not show.
  if (nullIds !== (checkpoint.nullIds ?? 0)) return false;
  return (
    rowCount - (table.offset - offset) === BigInt(checkpoint.rowCount) &&
    tailFingerprint === checkpoint.tailFingerprint
  );
}

/** How far logs are read now. `known` are source checkpoints that are still valid. */
export async function checkpointSources(
  session: EngineSession,
  logs: readonly SourceState[],
  known: readonly SourceCheckpoint[],
): Promise<SourceCheckpoint[]> {
  const checkpoints: SourceCheckpoint[] = [];
  for (const [index, log] of logs.entries()) {
    const before = known[index];
    const grew = String(log.table?.offset ?? 0) !== before?.offset;
    checkpoints.push(grew || before === undefined ? await checkpointSource(session, log, before) : before);
  }
  return checkpoints;
}

/** How far a log is read now; a table that does not exist is read to its end. */
async function checkpointSource(
  session: EngineSession,
  { name, table, rowCount, idColumns, featureVersion, nullIds }: SourceState,
  before: SourceCheckpoint | undefined,
): Promise<SourceCheckpoint> {
  if (table === undefined || table.offset === 0n)
    return {
      table: name,
      offset: "0",
      rowCount: "0",
      tailFingerprint: null,
      schemaFingerprint: "",
      watermark: null,
    };
  const known = before?.watermark !== undefined && before.watermark !== "never" ? before : undefined;
  const timed = table.columns.has("metaxy_updated_at");
  const [row] = await session.rows(
    `SELECT (SELECT ${tailFingerprintSql(session.dialect, table.columns, idColumns)} FROM ${table.name} WHERE ${session.dialect.log.isTail(table.offset)}) AS mark,
       ${timed ? watermarkSql(session.dialect, table, featureVersion, known) : "NULL"} AS newest`,
  );
  return {
    table: name,
    offset: String(table.offset),
    rowCount: String(rowCount),
    tailFingerprint: textOf(row?.["mark"]),
    schemaFingerprint: fingerprintSchema(table),
    watermark: textOf(row?.["newest"]),
    ...(nullIds === 0 ? {} : { nullIds }),
  };
}

/** Time of the latest row under a feature version; rows before a known cover's offset need no further look. */
function watermarkSql(
  dialect: Dialect,
  table: PhysicalTable,
  featureVersion: string,
  known: SourceCheckpoint | undefined,
): string {
  const knownWatermark =
    typeof known?.watermark === "string" ? dialect.timeAt(BigInt(known.watermark)) : "NULL";
  return `(SELECT CASE WHEN ${dialect.values.isFinite("newest")} THEN ${dialect.values.cast(dialect.microseconds("newest"), textType(dialect))} WHEN newest IS NOT NULL THEN 'never' END
    FROM (SELECT greatest(max(coalesce(metaxy_deleted_at, metaxy_updated_at)), ${knownWatermark}) AS newest FROM ${table.name}
      WHERE metaxy_feature_version = ${quoteLiteral(featureVersion)} AND ${dialect.log.since(known?.offset ?? 0n)}))`;
}

/** Fingerprint of the last row, rows appended by the running transaction included. */
export async function currentTailFingerprint(
  session: EngineSession,
  table: TableSchema,
  idColumns: readonly string[],
): Promise<string | null> {
  const [last] = await session.rows(`SELECT ${session.dialect.log.last} AS last FROM ${table.name}`);
  if (typeof last?.["last"] !== "bigint") return null;
  const [found] = await session.rows(
    `SELECT ${tailFingerprintSql(session.dialect, table.columns, idColumns)} AS mark FROM ${table.name} WHERE ${session.dialect.log.isTail(last["last"] + 1n)}`,
  );
  return textOf(found?.["mark"]);
}

/** SQL of the fingerprint of a row. */
export function tailFingerprintSql(
  dialect: Dialect,
  columns: TableSchema["columns"],
  idColumns: readonly string[],
): string {
  const values = [...idColumns, "metaxy_feature_version", "metaxy_updated_at", "metaxy_provenance"]
    .filter((column) => columns.has(column))
    .map((column) => dialect.values.cast(quoteIdentifier(column), textType(dialect)));
  return dialect.fingerprint(dialect.joinedTexts(values));
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
