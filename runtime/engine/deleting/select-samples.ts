import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import { latestRows, repeatedIds, versionLog } from "../tables/latest-rows.ts";
import { numberedRows, type PhysicalTable } from "../tables/physical-table.ts";
import type { SampleScope } from "./sample-scope.ts";

/** Where a delete looks: the rows of one feature version, or of all. */
export interface DeletedLog {
  readonly feature: AnyFeature;
  readonly table: PhysicalTable;
  readonly allVersions: boolean;
}

/** The samples that a delete is about, in a temporary table. */
export interface SelectedSamples {
  /** Samples that are not deleted yet. */
  readonly samples: number;
  /** Their latest rows: one a sample and version. */
  readonly rows: number;
  readonly examples: readonly Readonly<Record<string, string>>[];
}

const selection = "temp.stemma_deletion";

/** Puts the samples of a scope into a temporary table; `withDeleted` those that are marked as deleted as well. */
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
  const sql = `CREATE OR REPLACE TEMP TABLE ${selection} AS
    SELECT ${names(key)}, metaxy_deleted_at IS NULL AS stemma_is_live
    FROM (${latestRows(session.dialect, { idColumns: key, log, repeated })})${where}`;
  await session.run(sql, parameters.of(sql));
  return { ...(await countSelected(session, deleted)), examples: await examplesOf(session, deleted) };
}

/** SQL of rows with all of their columns: the latest of each selected sample that is not deleted yet. */
export function selectedRows(dialect: Dialect, deleted: DeletedLog): string {
  const key = keyOf(deleted);
  const numbered = { ...deleted, table: numberedRows(dialect, deleted.table) };
  const log = `(SELECT rowid AS rowid, * FROM ${logOf(dialect, numbered)} AND ${isSelected(deleted)})`;
  return `SELECT * FROM (${latestRows(dialect, { idColumns: key, log, repeated: undefined })})
    WHERE metaxy_deleted_at IS NULL`;
}

/** SQL of all rows of the selected samples, to stand behind FROM. */
export function selectedLog(dialect: Dialect, deleted: DeletedLog): string {
  return `${logOf(dialect, deleted)} AND ${isSelected(deleted)}`;
}

/** SQL of the rows without an id for which a scope holds, to stand behind FROM. */
export function rowsWithoutId(dialect: Dialect, deleted: DeletedLog, scope: SampleScope): string {
  const isNull = deleted.feature.spec.idColumns.map((id) => `${quoteIdentifier(id)} IS NULL`).join(" OR ");
  const { countedWhere: _, ...table } = deleted.table;
  // Those of other ids count again once the spec has these; with all versions, nothing is spared.
  const isOther = table.otherIds === undefined || deleted.allVersions ? "" : ` AND NOT ${table.otherIds}`;
  return `${versionsLog(dialect, { ...deleted, table })} AND (${isNull}) AND (${scope.rows})${isOther}`;
}

async function countSelected(
  session: EngineSession,
  { feature }: DeletedLog,
): Promise<Pick<SelectedSamples, "samples" | "rows">> {
  const [found] = await session.rows(
    `SELECT count(*) AS rows, count(DISTINCT (${names(feature.spec.idColumns)})) AS samples
     FROM ${selection} WHERE stemma_is_live`,
  );
  return { samples: Number(found?.["samples"]), rows: Number(found?.["rows"]) };
}

async function examplesOf(
  session: EngineSession,
  { feature }: DeletedLog,
): Promise<Readonly<Record<string, string>>[]> {
  const ids = feature.spec.idColumns;
  const rows = await session.rows(
    `SELECT ${ids.map((id) => `${quoteIdentifier(id)}::VARCHAR AS ${quoteIdentifier(id)}`).join(", ")}
     FROM (SELECT DISTINCT ${names(ids)} FROM ${selection} WHERE stemma_is_live ORDER BY ALL LIMIT 5)`,
  );
  return rows.map((row) => Object.fromEntries(ids.map((id) => [id, String(row[id])])));
}

/** What tells a sample of one version: with all versions, each counts for itself. */
function keyOf({ feature, allVersions }: DeletedLog): string[] {
  return [...feature.spec.idColumns, ...(allVersions ? ["metaxy_feature_version"] : [])];
}

function isSelected(deleted: DeletedLog): string {
  const key = names(keyOf(deleted));
  return `(${key}) IN (SELECT ${key} FROM ${selection})`;
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
