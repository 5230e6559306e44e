import type { StoredColumns, StoredType } from "../../columns/stored-type.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";

/** The columns of a table as it lies in the database. */
export interface TableSchema {
  /** SQL to read from: the table's name, quoted and qualified, so that a CTE of the same name does not hide it. */
  readonly name: string;
  /** Name to write to, quoted and qualified. */
  readonly stored: string;
  /** Column → type. */
  readonly columns: StoredColumns;
  /** Whether `rowid` numbers its rows: a view has none, and a column of that name hides it. */
  readonly hasRowId: boolean;
  /** Column that is read from another, which was called so before: new name → old name. */
  readonly copies?: ReadonlyMap<string, string>;
  /** Whether we made the table, and alone write to it; looked up only where that makes a difference. */
  readonly isOwn?: boolean;
}

/** A table as it lies in the database. */
export interface PhysicalTable extends TableSchema {
  /** One above the highest row id: rows that stand at or behind it are newer. The number of rows where there is no row id. */
  readonly offset: bigint;
  /** Whether no row lacks its data versions, so that its provenance need not be read for them. */
  readonly hasDataVersions?: boolean;
  /** SQL condition on the rows of the feature version that count, see `countedRows`; absent where all of them do. */
  readonly countedWhere?: string | undefined;
  /** SQL condition on the rows that were written under other id columns; absent where none were. */
  readonly otherIds?: string | undefined;
}

/** The type of row numbers. */
export const rowIdType: StoredType = { kind: "scalar", name: "int64", text: "BIGINT" };

/** Qualifies and quotes the name of a feature's table. */
export function qualifiedName(table: string): string {
  return `main.${quoteIdentifier(table)}`;
}

/** Looks at the columns of a table; undefined where there is none. */
export async function inspectSchema(session: EngineSession, table: string): Promise<TableSchema | undefined> {
  const name = qualifiedName(table);
  const columns = await session.columnsOf(name);
  if (columns === undefined) return undefined;
  const isHidden = rowIdColumn(columns) !== undefined;
  return {
    name,
    stored: name,
    columns,
    hasRowId: !isHidden && (await session.hasOffsets(name)),
  };
}

/** Looks at a table; undefined where there is none. */
export async function inspectTable(
  session: EngineSession,
  table: string,
): Promise<PhysicalTable | undefined> {
  const schema = await inspectSchema(session, table);
  if (schema === undefined) return undefined;
  const offset = schema.hasRowId ? "coalesce(max(rowid) + 1, 0)" : "count(*)";
  const [last] = await session.rows(`SELECT (${offset})::BIGINT AS next_row FROM ${schema.name}`);
  return { ...schema, offset: BigInt(String(last?.["next_row"] ?? 0)) };
}

/**
 * The same rows under numbers of our own where the table has no row id: those in which it is scanned.
 *
 * They hold for one statement: rows that are read by several are frozen first, see `freezeTable`.
 */
export function numberedRows<Table extends TableSchema>(table: Table): Table {
  if (table.hasRowId) return table;
  const hidden = rowIdColumn(table.columns);
  const kept = hidden === undefined ? "*" : `* EXCLUDE (${quoteIdentifier(hidden)})`;
  const columns = [...table.columns].filter(([column]) => column !== hidden);
  return {
    ...table,
    columns: new Map<string, StoredType>([...columns, ["rowid", rowIdType]]),
    name: `(SELECT ${kept}, row_number() OVER () - 1 AS rowid FROM ${table.name})`,
    hasRowId: true,
  };
}

/** SQL of all columns of a table with its row id, to stand behind SELECT. */
export function withRowId(table: TableSchema): string {
  // Numbers of our own are a column like others.
  return rowIdColumn(table.columns) === undefined ? "rowid AS rowid, *" : "*";
}

/** Whether it is a view, to which nothing can be written. */
export function isView({ hasRowId, columns }: TableSchema): boolean {
  return !hasRowId && rowIdColumn(columns) === undefined;
}

/** The column that hides the row id. */
function rowIdColumn(columns: TableSchema["columns"]): string | undefined {
  return [...columns.keys()].find((column) => column.toLowerCase() === "rowid");
}
