import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import { foreignSpans, type IdentifiedRows, type IdSpan, isWithin, readIdSpans } from "./id-columns.ts";
import type { PhysicalTable, TableSchema } from "./physical-table.ts";

/** A table, what of it counts, and what is left aside. */
export interface CountedTable {
  readonly table: PhysicalTable;
  /** Rows of the version that lack an id. */
  readonly nullIds: number;
}

/**
 * Looks for the rows of a feature version that do not count, and adds the condition that leaves them aside.
 *
 * Those are rows that lack an id, and rows that were written under other id columns.
 */
export async function countedTable(
  session: EngineSession,
  rows: IdentifiedRows,
  table: PhysicalTable,
): Promise<CountedTable> {
  const spans = await readIdSpans(session, [rows.table]);
  const [found] = await session.rows(`SELECT ${countNullIds(rows, table)} AS null_ids`);
  const nullIds = Number(found?.["null_ids"] ?? 0);
  return { table: { ...table, ...counted(session.dialect, rows, nullIds, spans, table) }, nullIds };
}

/**
 * SQL of how many rows of a version lack an id: all where the table lacks an id column. Those that were written under
 * other ids need none of these, as far as the table says which they are.
 */
export function countNullIds(
  { idColumns, featureVersion }: Pick<IdentifiedRows, "idColumns" | "featureVersion">,
  table: TableSchema & Pick<PhysicalTable, "otherIds">,
): string {
  const isOther = table.otherIds === undefined ? "" : ` AND NOT ${table.otherIds}`;
  const isNull = idColumns.map((id) => (table.columns.has(id) ? `${quoteIdentifier(id)} IS NULL` : "true"));
  return `(SELECT count(*) FROM ${table.name}
    WHERE (${isNull.join(" OR ")}) AND metaxy_feature_version = ${quoteLiteral(featureVersion)}${isOther})`;
}

/** SQL conditions on the rows of a version that count, and on those of other ids; undefined where all count. */
export function counted(
  dialect: Dialect,
  rows: IdentifiedRows,
  nullIds: number,
  spans: readonly IdSpan[],
  table: Pick<TableSchema, "copies">,
): Pick<PhysicalTable, "countedWhere" | "otherIds"> {
  const others = foreignSpans(spans, rows, table);
  const otherIds = others.length === 0 ? undefined : isWithin(dialect, others);
  const conditions = [
    ...(nullIds === 0 ? [] : rows.idColumns.map((id) => `${quoteIdentifier(id)} IS NOT NULL`)),
    ...(otherIds === undefined ? [] : [`NOT ${otherIds}`]),
  ];
  return { countedWhere: conditions.length === 0 ? undefined : conditions.join(" AND "), otherIds };
}

/** Whether a table has no column for an id, so that none of its rows counts. */
export function lacksIdColumn({ columns }: TableSchema, idColumns: readonly string[]): boolean {
  return idColumns.some((id) => !columns.has(id));
}

/** SQL condition on the rows of a version that count. */
export function ofVersion(table: Pick<PhysicalTable, "countedWhere">, featureVersion: string): string {
  const version = `metaxy_feature_version = ${quoteLiteral(featureVersion)}`;
  return table.countedWhere === undefined ? version : `${version} AND ${table.countedWhere}`;
}
