import { quoteName } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { qualifiedName, type TableShape } from "./physical-table.ts";

/**
 * What rows are read from: the table itself, or a copy of it in the session where the table is not a log of ours to
 * read. A view has no row ids, a column named `rowid` hides them, and a collation makes ids one that are two.
 *
 * A copy lasts as long as the session, so an increment reads the rows as they were when it was resolved.
 */
export async function readableShape(session: Session, table: string, shape: TableShape): Promise<TableShape> {
  if (shape.rowIds === "own" && !session.collatedTables.has(table)) return shape;
  const name = `temp.${quoteName(`stemma_copy__${table}`)}`;
  const { sql, columns } = copyOf(table, shape);
  await session.run(`CREATE TEMP TABLE IF NOT EXISTS ${name} AS ${sql}`);
  return { name, columns, rowIds: "own", isCopy: true };
}

/** SQL of the rows of a relation, in its order, so that each column has the order and equality of its type. */
function copyOf(table: string, { columns }: TableShape): Pick<TableShape, "columns"> & { sql: string } {
  const kept = new Map([...columns].filter(([column]) => !isRowId(column)));
  const values = [...kept].map(([column, type]) =>
    type === "VARCHAR" ? `${quoteName(column)} COLLATE "binary" AS ${quoteName(column)}` : quoteName(column),
  );
  return { columns: kept, sql: `SELECT ${values.join(", ")} FROM ${qualifiedName(table)}` };
}

/** Whether a column hides the ids of rows. */
export function isRowId(column: string): boolean {
  return column.toLowerCase() === "rowid";
}
