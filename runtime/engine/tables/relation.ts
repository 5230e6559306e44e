import { type ColumnTexts, declaredType, parsedColumns } from "../../columns/parsed-columns.ts";
import { isMap, memberNames } from "../../columns/stored-type.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import { lacksIdColumn } from "./counted-rows.ts";
import { columnFit } from "./fit/column-fit.ts";
import { latestRows, type Repeated, repeatedIds, versionLog } from "./latest-rows.ts";
import type { PhysicalTable } from "./physical-table.ts";
import { byFieldColumns } from "./system-columns.ts";

/** The rows of a feature that count: what to read of which table, in the feature's declared columns. */
export interface RelationSpec {
  readonly table: PhysicalTable;
  readonly idColumns: readonly string[];
  readonly featureVersion: string;
  /** Declared columns and their types. */
  readonly columns: { readonly [column: string]: string };
  /** Struct members of the by-field columns. */
  readonly members: readonly string[];
  /** Further requested system columns, besides the versions. */
  readonly systemColumns?: readonly string[];
  /** SQL conditions over the declared columns, AND-ed; applied to the latest rows. */
  readonly filters: readonly string[];
  /**
   * Which rows of the log: `current` (the default), the latest of each id without deleted ones; `latest`, with them;
   * `all`, every row, earlier ones and deletion marks included.
   */
  readonly which?: "current" | "latest" | "all";
  /** A further column for the order in which the rows were stored. */
  readonly orderColumn?: string;
  /** Look at the rows of these join keys only. */
  readonly affected?: AffectedKeys;
  /** Ids that occur more than once in the log, if they were found already. */
  readonly repeated?: Repeated | undefined;
  /** Leaves out the data versions. */
  readonly provenanceOnly?: boolean;
  /** Whether the table holds rows of the feature version alone, and has no column for it. */
  readonly isOfVersion?: boolean;
}

/** Join keys to look at: a table of them, and how its columns are called in the relation. */
export interface AffectedKeys {
  /** Quoted. */
  readonly table: string;
  /** Column of `table` → the relation's own column. */
  readonly on: { readonly [column: string]: string };
  /** Rows of the log at or behind it are later than all before; undefined where that is not known. */
  readonly newerFrom: bigint | undefined;
  /** Whether rows of this log alone affected keys. */
  readonly isOnlyChangedSource: boolean;
}

/**
 * SQL of the rows of a feature, its current ones by default.
 *
 * Read order: feature version, latest row per id, deleted ones dropped, filters, columns (docs/semantics.md, section 4).
 * All that differs between physical tables ends here: a column or struct member that the table lacks reads as null,
 * MAPs become STRUCTs, and rows appended after the table was inspected are left out.
 */
export function currentRows(dialect: Dialect, spec: RelationSpec): string {
  const { table, affected, idColumns } = spec;
  if (lacksIdColumn(table, idColumns)) return noRows(dialect, spec);
  const { log, isCheap } = logOf(dialect, spec);
  const { repeated = isCheap ? { sql: repeatedIds(dialect, { idColumns, log }) } : undefined } = spec;
  const { which = "current" } = spec;
  const latest = latestRows(dialect, { idColumns, log, repeated: which === "all" ? "none" : repeated });
  const columns = [
    ...Object.keys(spec.columns).map(
      (column) => `${columnSql(dialect, spec, column)} AS ${quoteIdentifier(column)}`,
    ),
    ...versionsSql(dialect, spec),
    ...(spec.systemColumns ?? []).map((column) => systemColumnSql(dialect, table, column)),
    ...(spec.orderColumn === undefined ? [] : [`stemma_row AS ${quoteIdentifier(spec.orderColumn)}`]),
  ];
  const live = which === "current" ? " WHERE metaxy_deleted_at IS NULL" : "";
  const selected = `SELECT ${columns.join(", ")} FROM (${latest})${live}`;
  const moved = affected !== undefined && !isKeyOfId(spec, affected);
  const filters = [...spec.filters, ...(moved ? [isAffected(affected)] : [])];
  if (filters.length === 0) return selected;
  return `SELECT * FROM (${selected}) WHERE ${filters.map((filter) => `(${filter})`).join(" AND ")}`;
}

/** What of a relation says which log it reads. */
export type LogSpec = Pick<
  RelationSpec,
  "table" | "idColumns" | "featureVersion" | "affected" | "isOfVersion"
>;

/** The log to take the latest rows from, behind FROM, and whether it is cheap enough to be read three times. */
export function logOf(dialect: Dialect, spec: LogSpec): { readonly log: string; readonly isCheap: boolean } {
  const { table, affected, featureVersion } = spec;
  if (spec.isOfVersion) return { log: table.name, isCheap: true };
  if (affected === undefined)
    return { log: versionLog(dialect, table, featureVersion, "offset"), isCheap: true };
  const { newerFrom, isOnlyChangedSource } = affected;
  if (isOnlyChangedSource && newerFrom !== undefined && isIdOfKey(spec, affected))
    return { log: versionLog(dialect, table, featureVersion, "offset", newerFrom), isCheap: true };
  return { log: `(${affectedLog(dialect, spec, affected)})`, isCheap: false };
}

/**
 * SQL of the rows of a log that decide the current rows of affected keys, with the log's offsets.
 *
 * A log is scanned for what its newer rows don't tell; where they tell all, as after a change in one place, it is not.
 */
export function affectedLog(
  dialect: Dialect,
  spec: Pick<RelationSpec, "table" | "idColumns" | "featureVersion">,
  affected: AffectedKeys,
): string {
  const { table, idColumns, featureVersion } = spec;
  const { newerFrom } = affected;
  const version = versionLog(dialect, table, featureVersion, "offset");
  const log = `SELECT ${dialect.log.carried}, * FROM ${version}`;
  if (!isKeyOfId(spec, affected)) {
    // An id may have moved to another key: its later row counts.
    const ids = names(idColumns);
    return `${log} AND (${ids}) IN (SELECT ${ids} FROM ${version} AND ${isAffected(affected)})`;
  }
  if (newerFrom === undefined || !isIdOfKey(spec, affected)) return `${log} AND ${isAffected(affected)}`;
  const newer = versionLog(dialect, table, featureVersion, "offset", newerFrom);
  const own = names(Object.values(affected.on));
  const others = `SELECT ${names(Object.keys(affected.on))} FROM ${affected.table} EXCEPT SELECT ${own} FROM ${newer}`;
  return `SELECT ${dialect.log.carried}, * FROM ${newer}
    UNION ALL ${log} AND ${dialect.log.before(newerFrom)} AND (${own}) IN (${others})`;
}

/** Whether an id determines its key, so that it never moves to another. */
function isKeyOfId({ idColumns }: Pick<RelationSpec, "idColumns">, { on }: AffectedKeys): boolean {
  return Object.values(on).every((column) => idColumns.includes(column));
}

/** Whether a key determines its id. */
function isIdOfKey({ idColumns }: Pick<RelationSpec, "idColumns">, { on }: AffectedKeys): boolean {
  const own = Object.values(on);
  return idColumns.length === own.length && idColumns.every((column) => own.includes(column));
}

/** Condition that a row has an affected join key. */
export function isAffected({ table, on }: AffectedKeys): string {
  return `(${names(Object.values(on))}) IN (SELECT ${names(Object.keys(on))} FROM ${table})`;
}

function names(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(", ");
}

/** The relation of a feature without a table: the same columns, no rows. */
export function noRows(dialect: Dialect, spec: Omit<RelationSpec, "table">): string {
  const columns = [
    ...[...parsedColumns(spec.columns)].map(([name, { type }]) =>
      nullColumn(dialect, name, dialect.values.typeName(type)),
    ),
    ...(spec.members.length === 0 ? [] : byFieldColumns).map((name) =>
      nullColumn(dialect, name, structType(dialect, spec.members)),
    ),
    ...["metaxy_provenance", "metaxy_data_version", ...(spec.systemColumns ?? [])].map((name) =>
      nullColumn(dialect, name, systemType(dialect, name)),
    ),
  ];
  return `SELECT ${columns.join(", ")} WHERE false`;
}

/** The type of a struct with one text per member. */
export function structType(dialect: Dialect, members: readonly string[]): string {
  return dialect.values.structType(members.map((member) => [member, textType(dialect)]));
}

/** The type of a declared column, as the engine spells it. */
export function typeSql(dialect: Dialect, columns: ColumnTexts, name: string): string {
  return dialect.values.typeName(declaredType(columns, name));
}

function nullColumn(dialect: Dialect, name: string, type: string): string {
  return `${dialect.values.nullOf(type)} AS ${quoteIdentifier(name)}`;
}

/** The type of versions. */
export function textType(dialect: Dialect): string {
  return dialect.values.scalars.VARCHAR.type;
}

/** The type of times. */
export function timeType(dialect: Dialect): string {
  return dialect.values.scalars.TIMESTAMPTZ.type;
}

/** The type of a system column of its own: a time or a text. */
function systemType(dialect: Dialect, column: string): string {
  return column.endsWith("_at") ? timeType(dialect) : textType(dialect);
}

/** SQL of a declared column in its declared type. */
export function columnSql(
  dialect: Dialect,
  spec: Pick<RelationSpec, "table" | "idColumns" | "columns">,
  column: string,
): string {
  const type = declaredType(spec.columns, column);
  const stored = spec.table.columns.get(column);
  if (stored === undefined) return dialect.values.nullOf(dialect.values.typeName(type));
  const use = { isId: spec.idColumns.includes(column), isOwn: spec.table.isOwn ?? false };
  return columnFit(dialect.values, stored, type, use).read(quoteIdentifier(column));
}

function systemColumnSql(dialect: Dialect, table: PhysicalTable, column: string): string {
  return table.columns.has(column)
    ? quoteIdentifier(column)
    : nullColumn(dialect, column, systemType(dialect, column));
}

/** A row without data versions of its own has its provenance for them. */
function versionsSql(dialect: Dialect, { table, members, provenanceOnly }: RelationSpec): string[] {
  const sampleVersions = [
    "metaxy_provenance",
    ...(provenanceOnly ? [] : ["coalesce(metaxy_data_version, metaxy_provenance) AS metaxy_data_version"]),
  ];
  if (members.length === 0) return sampleVersions;
  const provenance = members.map((member) => memberSql(dialect, table, "metaxy_provenance_by_field", member));
  const pack = (values: readonly string[]) =>
    dialect.values.struct(members.map((member, index) => [member, values[index] ?? ""]));
  const byField = `${pack(provenance)} AS metaxy_provenance_by_field`;
  if (provenanceOnly) return [...sampleVersions, byField];
  const dataVersion = members.map((member, index) => {
    const own = memberSql(dialect, table, "metaxy_data_version_by_field", member);
    if (table.hasDataVersions) return own;
    return `CASE WHEN metaxy_data_version_by_field IS NULL THEN ${provenance[index]} ELSE ${own} END`;
  });
  return [...sampleVersions, byField, `${pack(dataVersion)} AS metaxy_data_version_by_field`];
}

function memberSql(dialect: Dialect, table: PhysicalTable, column: string, member: string): string {
  const type = table.columns.get(column);
  if (isMap(type)) return dialect.values.mapValue(column, quoteLiteral(member));
  return memberNames(type).includes(member)
    ? dialect.values.member(column, member)
    : dialect.values.nullOf(textType(dialect));
}
