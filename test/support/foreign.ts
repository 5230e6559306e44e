import { DuckDBInstance } from "@duckdb/node-api";

/** Runs what another program runs on a database file that nobody else holds. */
export async function foreign(path: string, ...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    for (const sql of statements) await connection.run(sql);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
