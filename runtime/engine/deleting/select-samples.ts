import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import { latestRows, repeatedIds, versionLog } from "../tables/latest-rows.ts";
import { numberedRows, type PhysicalTable, withOffset } from "../tables/physical-table.ts";
import type { SampleScope } from "./sample-scope.ts";

/** The rows that a delete reads: those of one feature version, or of all. */
export interface DeletedLog {
  readonly feature: AnyFeature;
  readonly table: PhysicalTable;
  readonly allVersions: boolean;
}

/** The samples that a delete selects, in a temporary table. */
export interface SelectedSamples {
  /** Samples that are not deleted yet. */
  readonly samples: number;
  /** Their latest rows: one a sample and version. */
  readonly rows: number;
  readonly examples: readonly Readonly<Record<string, string>>[];
}

/** Temporary table of the selected samples. */
const selectionTable = "stemma_deletion";

/** Selects the samples of a scope into a temporary table, including those marked as deleted if `withDeleted`. */
export async function selectSamples(
  session: EngineSession,
  deleted: DeletedLog,
  scope: SampleScope,
  parameters: BindParameters,
  withDeleted: boolean,
): Promise<SelectedSamples> {
  const key = keyOf(deleted);
  const condition = `(${scope.rows})`;
  const numbered = { ...deleted, table: numberedRows(session.dialect, deleted.table) };
  const log = scope.isById
    ? `${logOf(session.dialect, numbered)} AND ${condition}`
    : logOf(session.dialect, numbered);
  const repeated = { sql: repeatedIds(session.dialect, { idColumns: key, log }) };
  const conditions = [
    ...(scope.isById ? [] : [condition]),
    ...(scope.offset === undefined ? [] : [`stemma_row < ${scope.offset}`]),
    ...(withDeleted ? [] : ["metaxy_deleted_at IS NULL"]),
  ];
  const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  const query = `SELECT ${names(key)}, metaxy_deleted_at IS NULL AS stemma_is_live
    FROM (${latestRows(session.dialect, { idColumns: key, log, repeated })})${where}`;
  const sql = session.dialect.createTemp(selectionTable, query, "replace");
  await session.run(sql, parameters.of(sql));
  return { ...(await countSelected(session, deleted)), examples: await examplesOf(session, deleted) };
}

/** SQL of rows with all of their columns: the latest of each selected sample that is not deleted yet. */
export function selectedRows(dialect: Dialect, deleted: DeletedLog): string {
  const key = keyOf(deleted);
  const numbered = { ...deleted, table: numberedRows(dialect, deleted.table) };
  const log = `(SELECT ${withOffset(dialect, numbered.table)} FROM ${logOf(dialect, numbered)} AND ${isSelected(dialect, deleted)})`;
  return `SELECT * FROM (${latestRows(dialect, { idColumns: key, log, repeated: undefined })})
    WHERE metaxy_deleted_at IS NULL`;
}

/** SQL of all rows of the selected samples, for use behind FROM. */
export function selectedLog(dialect: Dialect, deleted: DeletedLog): string {
  return `${logOf(dialect, deleted)} AND ${isSelected(dialect, deleted)}`;
}

/** SQL of the rows without an id that a scope selects, for use behind FROM. */
export function rowsWithoutId(dialect: Dialect, deleted: DeletedLog, scope: SampleScope): string {
  const isNull = deleted.feature.spec.idColumns.map((id) => `${quoteIdentifier(id)} IS NULL`).join(" OR ");
  const { countedWhere: _, ...table } = deleted.table;
  // Rows of other ids count again once the spec has those ids; with all versions, they go too.
  const isOther = table.otherIds === undefined || deleted.allVersions ? "" : ` AND NOT ${table.otherIds}`;
  return `${versionsLog(dialect, { ...deleted, table })} AND (${isNull}) AND (${scope.rows})${isOther}`;
}

async function countSelected(
  session: EngineSession,
  { feature }: DeletedLog,
): Promise<Pick<SelectedSamples, "samples" | "rows">> {
  const { dialect } = session;
  const ids = names(feature.spec.idColumns);
  const [found] = await session.rows(
    `SELECT coalesce(sum(stemma_rows), 0) AS rows, count(*) AS samples
     FROM (SELECT count(*) AS stemma_rows FROM ${dialect.tempName(selectionTable)} WHERE stemma_is_live GROUP BY ${ids})`,
  );
  return { samples: Number(found?.["samples"]), rows: Number(found?.["rows"]) };
}

async function examplesOf(
  session: EngineSession,
  { feature }: DeletedLog,
): Promise<Readonly<Record<string, string>>[]> {
  const ids = feature.spec.idColumns;
  const { tempName, values } = session.dialect;
  const texts = ids
    .map(quoteIdentifier)
    .map((id) => `${values.cast(id, values.scalars.VARCHAR.type)} AS ${id}`);
  const rows = await session.rows(
    `SELECT ${texts.join(", ")} FROM (
       SELECT DISTINCT ${names(ids)} FROM ${tempName(selectionTable)} WHERE stemma_is_live ORDER BY ${names(ids)} LIMIT 5)`,
  );
  return rows.map((row) => Object.fromEntries(ids.map((id) => [id, String(row[id])])));
}

/** The columns that identify a sample: with all versions, a sample of each version counts on its own. */
function keyOf({ feature, allVersions }: DeletedLog): string[] {
  return [...feature.spec.idColumns, ...(allVersions ? ["metaxy_feature_version"] : [])];
}

function isSelected({ tempName }: Dialect, deleted: DeletedLog): string {
  const key = names(keyOf(deleted));
  return `(${key}) IN (SELECT ${key} FROM ${tempName(selectionTable)})`;
}

/** The rows that have an id. */
function logOf(dialect: Dialect, deleted: DeletedLog): string {
  const hasId = deleted.feature.spec.idColumns.map((id) => `${quoteIdentifier(id)} IS NOT NULL`);
  return `${versionsLog(dialect, deleted)} AND ${hasId.join(" AND ")}`;
}

function versionsLog(dialect: Dialect, { feature, table, allVersions }: DeletedLog): string {
  return allVersions
    ? `${table.name} WHERE metaxy_feature_version IS NOT NULL`
    : versionLog(dialect, table, feature.featureVersion, "all");
}

function names(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(", ");
}
