import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import { numberedRows, type TableSchema } from "./physical-table.ts";
import { systemColumns } from "./system-columns.ts";

let frozen = 0;

/**
 * Copies what a resolve reads of a table without row ids into a temporary table of the session.
 *
 * Without row ids nobody can tell later which rows were there when the increment was resolved.
 */
export async function freezeTable(
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
