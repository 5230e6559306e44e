import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** Works on a database without Stemma, and closes it. */
export async function withConnection<T>(
  file: string,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
