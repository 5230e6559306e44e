import { DuckDBInstance } from "@duckdb/node-api";

/** Runs SQL on a database file as another program would. */
export async function runSql(path: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(path, { autoinstall_known_extensions: "false" });
  const connection = await instance.connect();
  try {
    await connection.run(sql);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
