import type { StoredColumns, StoredType } from "../../columns/stored-type.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { EngineSession, FallbackDatabase } from "../engine.ts";

/** The columns of a table as it lies in the database. */
export interface TableSchema {
  /** SQL to read from: the table's name, quoted and qualified, so that a CTE of the same name does not hide it. */
  readonly name: string;
  /** Name to write to, quoted and qualified. */
  readonly stored: string;
  /** Column → type. */
  readonly columns: StoredColumns;
  /** Whether its rows have offsets: those of a view have none, and a column of that name hides them. */
  readonly hasOffsets: boolean;
  /** Column that is read from another, which was called so before: new name → old name. */
  readonly copies?: ReadonlyMap<string, string>;
  /** The fallback that holds the table; absent where the store itself does. */
  readonly fallback?: FallbackDatabase;
  /** Whether we made the table, and alone write to it; looked up only where that makes a difference. */
  readonly isOwn?: boolean;
}

/** A table as it lies in the database. */
export interface PhysicalTable extends TableSchema {
  /** One above the highest row id: rows at or behind it are newer. The number of rows where there is no row id. */
  readonly offset: bigint;
  /** Whether no row lacks its data versions, so that its provenance need not be read for them. */
  readonly hasDataVersions?: boolean;
  /** SQL condition on the rows of the feature version that count, see `countedRows`; absent where all of them do. */
  readonly countedWhere?: string | undefined;
  /** SQL condition on the rows that were written under other id columns; absent where none were. */
  readonly otherIds?: string | undefined;
}

/** The type of offsets that are numbers of our own. */
export const offsetType: StoredType = { kind: "scalar", name: "int64", text: "BIGINT" };

/** Qualifies and quotes the name of a feature's table, in the store itself or in another schema. */
export function qualifiedName(table: string, schema = "main"): string {
  return `${schema}.${quoteIdentifier(table)}`;
}

/** Reads the columns of a table; undefined where it does not exist. */
export async function inspectSchema(
  session: EngineSession,
  table: string,
  schema?: string,
): Promise<TableSchema | undefined> {
  const name = qualifiedName(table, schema);
  const columns = await session.columnsOf(name);
  if (columns === undefined) return undefined;
  const isHidden = offsetColumn(session.dialect, columns) !== undefined;
  return {
    name,
    stored: name,
    columns,
    hasOffsets: !isHidden && (await session.hasOffsets(name)),
  };
}

/** Inspects a table; undefined where it does not exist. */
export async function inspectTable(
  session: EngineSession,
  table: string,
): Promise<PhysicalTable | undefined> {
  const schema = await inspectSchema(session, table);
  return schema === undefined ? undefined : withEnd(session, schema);
}

/** A table with the offset behind its last row. */
export async function withEnd<Table extends TableSchema>(
  session: EngineSession,
  schema: Table,
): Promise<Table & PhysicalTable> {
  const offset = schema.hasOffsets ? `coalesce(${session.dialect.log.end}, 0)` : "count(*)";
  const [last] = await session.rows(`SELECT ${offset} AS next_row FROM ${schema.name}`);
  return { ...schema, offset: BigInt(String(last?.["next_row"] ?? 0)) };
}

/**
 * The same rows under numbers of our own where the table has no row id: those in which it is scanned.
 *
 * They hold for one statement: rows that are read by several are frozen first, see `freezeTable`.
 */
export function numberedRows<Table extends TableSchema>(dialect: Dialect, table: Table): Table {
  if (table.hasOffsets) return table;
  const hidden = offsetColumn(dialect, table.columns);
  const kept = dialect.allColumns({ except: hidden === undefined ? [] : [hidden] });
  const columns = [...table.columns].filter(([column]) => column !== hidden);
  return {
    ...table,
    columns: new Map<string, StoredType>([...columns, [dialect.log.column, offsetType]]),
    name: `(SELECT ${kept}, ${dialect.log.numbered} FROM ${table.name})`,
    hasOffsets: true,
  };
}

/** SQL of all columns of a table with the offsets of its rows, behind SELECT. */
export function withOffset(dialect: Dialect, table: TableSchema): string {
  // Numbers of our own are a column like others.
  return offsetColumn(dialect, table.columns) === undefined ? `${dialect.log.carried}, *` : "*";
}

/** Whether it is a view, to which nothing can be written. */
export function isView(dialect: Dialect, { hasOffsets, columns }: TableSchema): boolean {
  return !hasOffsets && offsetColumn(dialect, columns) === undefined;
}

/** The column that hides the offsets of rows. */
function offsetColumn(dialect: Dialect, columns: TableSchema["columns"]): string | undefined {
  return [...columns.keys()].find((column) => column.toLowerCase() === dialect.log.column);
}
