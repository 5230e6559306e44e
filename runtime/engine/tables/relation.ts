import { type ColumnTexts, declaredType, parsedColumns } from "../../columns/parsed-columns.ts";
import { isMap, memberNames } from "../../columns/stored-type.ts";
import { duckdbValues } from "../../dialect/duckdb-values.ts";
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
  /** Further system columns wanted beside the versions. */
  readonly systemColumns?: readonly string[];
  /** SQL conditions over the declared columns, AND-ed; applied to the latest rows. */
  readonly filters: readonly string[];
  /** Look at the rows of these join keys only. */
  readonly affected?: AffectedKeys;
  /** Ids that stand more than once in the log, where somebody looked already. */
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
  /** Whether it was rows of this log alone that touched anything. */
  readonly isOnlyChangedSource: boolean;
}

/**
 * SQL of the current rows of a feature.
 *
 * Read order: feature version, latest row per id, deleted ones dropped, filters, columns (behaviour, "Increments").
 * All that differs between physical tables ends here: a column or struct member that the table lacks reads as null,
 * MAPs become STRUCTs, and rows appended after the table was looked at are not seen.
 */
export function currentRows(spec: RelationSpec): string {
  const { table, affected, idColumns } = spec;
  if (lacksIdColumn(table, idColumns)) return noRows(spec);
  const { log, isCheap } = logOf(spec);
  const { repeated = isCheap ? { sql: repeatedIds({ idColumns, log }) } : undefined } = spec;
  const latest = latestRows({ idColumns, log, repeated });
  const columns = [
    ...Object.keys(spec.columns).map((column) => `${columnSql(spec, column)} AS ${quoteIdentifier(column)}`),
    ...versionsSql(spec),
    ...(spec.systemColumns ?? []).map((column) => systemColumnSql(table, column)),
  ];
  const selected = `SELECT ${columns.join(", ")} FROM (${latest}) WHERE metaxy_deleted_at IS NULL`;
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

/** The log to take the latest rows from, to stand behind FROM, and whether it is cheap enough to be read thrice. */
export function logOf(spec: LogSpec): { readonly log: string; readonly isCheap: boolean } {
  const { table, affected, featureVersion } = spec;
  if (spec.isOfVersion) return { log: table.name, isCheap: true };
  if (affected === undefined) return { log: versionLog(table, featureVersion, "offset"), isCheap: true };
  const { newerFrom, isOnlyChangedSource } = affected;
  if (isOnlyChangedSource && newerFrom !== undefined && isIdOfKey(spec, affected))
    return { log: versionLog(table, featureVersion, "offset", newerFrom), isCheap: true };
  return { log: `(${affectedLog(spec, affected)})`, isCheap: false };
}

/**
 * SQL of the rows of a log that tell the current rows of touched keys, with the log's `rowid`.
 *
 * A log is scanned for what its newer rows don't tell; where they tell all, as after a change in one place, it is not.
 */
export function affectedLog(
  spec: Pick<RelationSpec, "table" | "idColumns" | "featureVersion">,
  affected: AffectedKeys,
): string {
  const { table, idColumns, featureVersion } = spec;
  const { newerFrom } = affected;
  const version = versionLog(table, featureVersion, "offset");
  const log = `SELECT rowid AS rowid, * FROM ${version}`;
  if (!isKeyOfId(spec, affected)) {
    // An id may have moved to another key: its later row counts.
    const ids = names(idColumns);
    return `${log} AND (${ids}) IN (SELECT ${ids} FROM ${version} AND ${isAffected(affected)})`;
  }
  if (newerFrom === undefined || !isIdOfKey(spec, affected)) return `${log} AND ${isAffected(affected)}`;
  const newer = versionLog(table, featureVersion, "offset", newerFrom);
  const own = names(Object.values(affected.on));
  const others = `SELECT ${names(Object.keys(affected.on))} FROM ${affected.table} EXCEPT SELECT ${own} FROM ${newer}`;
  return `SELECT rowid AS rowid, * FROM ${newer}
    UNION ALL ${log} AND rowid < ${newerFrom} AND (${own}) IN (${others})`;
}

/** Whether an id tells its key, so that it never moves to another. */
function isKeyOfId({ idColumns }: Pick<RelationSpec, "idColumns">, { on }: AffectedKeys): boolean {
  return Object.values(on).every((column) => idColumns.includes(column));
}

/** Whether a key tells its id. */
function isIdOfKey({ idColumns }: Pick<RelationSpec, "idColumns">, { on }: AffectedKeys): boolean {
  const own = Object.values(on);
  return idColumns.length === own.length && idColumns.every((column) => own.includes(column));
}

/** Condition that a row bears a touched join key. */
export function isAffected({ table, on }: AffectedKeys): string {
  return `(${names(Object.values(on))}) IN (SELECT ${names(Object.keys(on))} FROM ${table})`;
}

function names(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(", ");
}

/** The relation of a feature without a table: the same columns, no rows. */
export function noRows(spec: Omit<RelationSpec, "table">): string {
  const columns = [
    ...[...parsedColumns(spec.columns)].map(([name, { type }]) =>
      nullColumn(name, duckdbValues.typeName(type)),
    ),
    ...(spec.members.length === 0 ? [] : byFieldColumns).map((name) =>
      nullColumn(name, structType(spec.members)),
    ),
    ...["metaxy_provenance", "metaxy_data_version", ...(spec.systemColumns ?? [])].map((name) =>
      nullColumn(name, name.endsWith("_at") ? "TIMESTAMPTZ" : "VARCHAR"),
    ),
  ];
  return `SELECT ${columns.join(", ")} WHERE false`;
}

/** SQL of a struct with one VARCHAR per member. */
export function structType(members: readonly string[]): string {
  return `STRUCT(${members.map((member) => `${quoteIdentifier(member)} VARCHAR`).join(", ")})`;
}

/** The type of a declared column, as the engine spells it. */
export function typeSql(columns: ColumnTexts, name: string): string {
  return duckdbValues.typeName(declaredType(columns, name));
}

function nullColumn(name: string, type: string): string {
  return `NULL::${type} AS ${quoteIdentifier(name)}`;
}

/** SQL of a declared column in its declared type. */
export function columnSql(
  spec: Pick<RelationSpec, "table" | "idColumns" | "columns">,
  column: string,
): string {
  const type = declaredType(spec.columns, column);
  const stored = spec.table.columns.get(column);
  if (stored === undefined) return duckdbValues.nullOf(duckdbValues.typeName(type));
  const use = { isId: spec.idColumns.includes(column), isOwn: spec.table.isOwn ?? false };
  return columnFit(duckdbValues, stored, type, use).read(quoteIdentifier(column));
}

function systemColumnSql(table: PhysicalTable, column: string): string {
  return table.columns.has(column)
    ? quoteIdentifier(column)
    : nullColumn(column, column.endsWith("_at") ? "TIMESTAMPTZ" : "VARCHAR");
}

/** A row without data versions of its own has its provenance for them. */
function versionsSql({ table, members, provenanceOnly }: RelationSpec): string[] {
  const sampleVersions = [
    "metaxy_provenance",
    ...(provenanceOnly ? [] : ["coalesce(metaxy_data_version, metaxy_provenance) AS metaxy_data_version"]),
  ];
  if (members.length === 0) return sampleVersions;
  const provenance = members.map((member) => memberSql(table, "metaxy_provenance_by_field", member));
  const pack = (values: readonly string[]) =>
    `struct_pack(${members.map((member, index) => `${quoteIdentifier(member)} := ${values[index]}`).join(", ")})`;
  const byField = `${pack(provenance)} AS metaxy_provenance_by_field`;
  if (provenanceOnly) return [...sampleVersions, byField];
  const dataVersion = members.map((member, index) => {
    const own = memberSql(table, "metaxy_data_version_by_field", member);
    if (table.hasDataVersions) return own;
    return `CASE WHEN metaxy_data_version_by_field IS NULL THEN ${provenance[index]} ELSE ${own} END`;
  });
  return [...sampleVersions, byField, `${pack(dataVersion)} AS metaxy_data_version_by_field`];
}

function memberSql(table: PhysicalTable, column: string, member: string): string {
  const type = table.columns.get(column);
  if (isMap(type)) return `${column}[${quoteLiteral(member)}]`;
  return memberNames(type).includes(member) ? `${column}.${quoteIdentifier(member)}` : "NULL::VARCHAR";
}
