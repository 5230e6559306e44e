import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { Session } from "../../duckdb/session.ts";
import { qualifiedName } from "./physical-table.ts";

/** Columns of a table that have a default, or that DuckDB computes from others. */
export async function columnsWithDefault(session: Session, table: string): Promise<string[]> {
  const rows = await session.rows(
    `SELECT column_name FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = 'main' AND table_name = ${quoteLiteral(table)}
       AND column_default IS NOT NULL AND upper(column_default) <> 'NULL'`,
  );
  return rows.map((row) => String(row["column_name"]));
}

/** Columns of a table that DuckDB computes from others: nothing can be written to them. */
export async function computedColumns(session: Session, table: string): Promise<string[]> {
  const computed: string[] = [];
  for (const name of await columnsWithDefault(session, table)) {
    // DuckDB lists both alike.
    const [stored, column] = [qualifiedName(table), quoteIdentifier(name)];
    const isWritable = await session.canPrepare(
      `INSERT INTO ${stored} (${column}) SELECT ${column} FROM ${stored}`,
    );
    if (!isWritable) computed.push(name);
  }
  return computed;
}
