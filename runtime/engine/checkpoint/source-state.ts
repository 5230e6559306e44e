import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import { counted, countNullIds, lacksIdColumn } from "../tables/counted-rows.ts";
import { type IdSpan, readIdSpans } from "../tables/id-columns.ts";
import { rowTime } from "../tables/latest-rows.ts";
import { numberedRows, type PhysicalTable, type TableSchema } from "../tables/physical-table.ts";
import { systemColumns } from "../tables/system-columns.ts";
import { type SourceCheckpoint, tailFingerprintSql } from "./source-checkpoint.ts";

/** A log that a resolve reads: the table of an upstream, of empty parents, or of the target. */
export interface SourceLog {
  /** Key of its feature. */
  readonly key: string;
  /** Name of the table. */
  readonly name: string;
  /** Undefined where it was never written. */
  readonly schema: TableSchema | undefined;
  readonly featureVersion: string;
  readonly idColumns: readonly string[];
  /** Declared columns. */
  readonly columns: readonly string[];
  /** Join column of the feature → the log's own column. */
  readonly on: { readonly [column: string]: string };
}

/** A log, and what it holds besides what its source checkpoint says. */
export interface SourceState extends SourceLog {
  readonly table: PhysicalTable | undefined;
  readonly rowCount: bigint;
  /** Rows of the feature version that lack an id. */
  readonly nullIds: number;
  /** Under which id columns we wrote to the table, and when. */
  readonly spans: readonly IdSpan[];
  /** Whether later rows can be told from those that it holds now: it has offsets, and all id columns. */
  readonly hasStableRowIds: boolean;
  /** Fingerprint of the last row below the checkpoint's offset. */
  readonly tailFingerprint: string | null;
  /** Whether no row behind the cover's offset is older than one before it. */
  readonly isMonotonic: boolean;
}

/** Inspects logs, all in one statement. `checkpoints` says how far each was read before, if that is known. */
export async function inspectSources(
  session: EngineSession,
  given: readonly SourceLog[],
  checkpoints: readonly SourceCheckpoint[],
): Promise<SourceState[]> {
  const logs = await freezeLogs(session, given);
  const spans = await readIdSpans(
    session,
    logs.flatMap(({ name, schema }) => (schema === undefined ? [] : [name])),
  );
  const queries = logs.flatMap((log, index) =>
    log.schema === undefined
      ? []
      : [inspectionSql(session.dialect, log, log.schema, index, checkpointFor(log, checkpoints[index]))],
  );
  const found = queries.length === 0 ? [] : await session.rows(queries.join(" UNION ALL "));
  const states: SourceState[] = [];
  for (const [index, log] of logs.entries()) {
    const facts = found.find((row) => row["log"] === index);
    const offset = BigInt(String(facts?.["offset"] ?? (await endOffset(session, log.schema))));
    const hasDataVersions = facts?.["lacks_data_versions"] === false;
    const nullIds = Number(facts?.["null_ids"] ?? 0);
    const rows = { ...log, table: log.name };
    const state = {
      offset,
      hasDataVersions,
      ...counted(session.dialect, rows, nullIds, spans, log.schema ?? {}),
    };
    states.push({
      ...log,
      table: log.schema === undefined ? undefined : { ...log.schema, ...state },
      rowCount: BigInt(String(facts?.["rows"] ?? 0)),
      nullIds,
      spans: spans.filter(({ table }) => table === log.name),
      hasStableRowIds:
        given[index]?.schema?.hasOffsets !== false &&
        (log.schema === undefined || !lacksIdColumn(log.schema, log.idColumns)),
      tailFingerprint: facts?.["mark"] === null || facts === undefined ? null : String(facts["mark"]),
      isMonotonic: facts?.["follows"] === true,
    });
  }
  return states;
}

/** Copies the logs that have no row ids, so that they stay as they are. */
async function freezeLogs(session: EngineSession, logs: readonly SourceLog[]): Promise<SourceLog[]> {
  const frozen: SourceLog[] = [];
  for (const log of logs) {
    const { name, schema, columns } = log;
    if (schema === undefined || schema.hasOffsets) frozen.push(log);
    else frozen.push({ ...log, schema: await freezeTable(session, name, schema, columns) });
  }
  return frozen;
}

/** A cover of another table says nothing. */
function checkpointFor(
  log: SourceLog,
  checkpoint: SourceCheckpoint | undefined,
): SourceCheckpoint | undefined {
  return checkpoint?.table === log.name ? checkpoint : undefined;
}

function inspectionSql(
  dialect: Dialect,
  log: SourceLog,
  schema: TableSchema,
  index: number,
  checkpoint: SourceCheckpoint | undefined,
): string {
  const { name, columns } = schema;
  const since = BigInt(checkpoint?.offset ?? 0);
  const isFeature = columns.has("metaxy_updated_at");
  // Both are answered by the statistics of columns, as long as the answer is no.
  const lacks = isFeature
    ? `${countNullIds(log, schema)} AS null_ids,
       EXISTS (SELECT 1 FROM ${name} WHERE metaxy_data_version_by_field IS NULL) AS lacks_data_versions`
    : "0 AS null_ids, true AS lacks_data_versions";
  const tailFingerprint =
    since === 0n
      ? "NULL"
      : `max(CASE WHEN ${dialect.log.isTail(since)} THEN ${tailFingerprintSql(dialect, columns, log.idColumns)} END)`;
  return `SELECT ${index} AS log, (SELECT count(*) FROM ${name}) AS rows, ${lacks},
      ${dialect.log.end} AS offset, ${tailFingerprint} AS mark, ${isFeature ? isMonotonicSql(dialect, log, checkpoint) : "true"} AS follows
    FROM ${name} WHERE ${dialect.log.since(since - 1n)}`;
}

function isMonotonicSql(
  dialect: Dialect,
  { featureVersion }: SourceLog,
  checkpoint: SourceCheckpoint | undefined,
): string {
  if (checkpoint?.watermark === null || checkpoint?.offset === "0") return "true";
  if (checkpoint?.watermark === undefined || checkpoint.watermark === "never") return "false";
  const isOfVersion = `${dialect.log.since(checkpoint.offset)} AND metaxy_feature_version = ${quoteLiteral(featureVersion)}`;
  const isLater = `coalesce(${rowTime(dialect)} >= ${dialect.timeAt(BigInt(checkpoint.watermark))}, false)`;
  return `coalesce(${dialect.allTrue(isLater, isOfVersion)}, true)`;
}

/** Without rows behind the checkpoint's offset, the table may have fewer rows than it says. */
async function endOffset(session: EngineSession, schema: TableSchema | undefined): Promise<unknown> {
  if (schema === undefined) return 0;
  const [last] = await session.rows(
    `SELECT coalesce(${session.dialect.log.end}, 0) AS offset FROM ${schema.name}`,
  );
  return last?.["offset"];
}

let frozen = 0;

/**
 * Copies what a resolve reads of a table without row ids into a temporary table of the session.
 *
 * Without row ids nobody can tell later which rows were there when the increment was resolved.
 */
async function freezeTable(
  session: EngineSession,
  table: string,
  schema: TableSchema,
  columns: readonly string[],
): Promise<TableSchema> {
  const rows = numberedRows(session.dialect, schema);
  const requested = new Set([...columns, ...Object.keys(systemColumns)]);
  const kept = new Map([...rows.columns].filter(([column]) => requested.has(column)));
  // An increment keeps what it froze, whatever its session inspects later.
  const name = `stemma_frozen_${++frozen}__${table}`;
  const list = [...kept.keys()].map(quoteIdentifier).join(", ");
  const { dialect } = session;
  const ordered = `SELECT ${list} FROM ${rows.name} ORDER BY ${dialect.log.column}`;
  await session.run(dialect.createTemp(name, ordered));
  return { name: dialect.tempName(name), stored: schema.stored, columns: kept, hasOffsets: true };
}
