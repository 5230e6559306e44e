import { DuckDBInstance } from "@duckdb/node-api";

/** Runs a statement on a database file that no store has open, as another program does. Gives its rows. */
export async function queryFile(path: string, sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowObjects();
  connection.closeSync();
  instance.closeSync();
  return rows;
}
