import { quoteName } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { numberedRows, type TableShape } from "./physical-table.ts";
import { systemColumns } from "./system-columns.ts";

/**
 * Copies what a resolve reads of a table without row ids into a temporary table of the session.
 *
 * Without row ids nobody can tell later which rows were there when the increment was resolved.
 */
export async function freezeTable(
  session: Session,
  table: string,
  shape: TableShape,
  columns: readonly string[],
): Promise<TableShape> {
  const rows = numberedRows(shape);
  const wanted = new Set([...columns, ...Object.keys(systemColumns)]);
  const kept = new Map([...rows.columns].filter(([column]) => wanted.has(column)));
  const name = `temp.${quoteName(`stemma_frozen__${table}`)}`;
  const list = [...kept.keys()].map(quoteName).join(", ");
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${name} AS SELECT ${list} FROM ${rows.name} ORDER BY rowid`,
  );
  return { name, columns: kept, hasRowId: true };
}
