import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import type { AnyFeature } from "../../runtime/index.ts";
import type { RecordedTable } from "./vectors.ts";

/** A fresh database file with recorded tables in it, closed again. */
export async function databaseOf(
  tables: Readonly<Record<string, RecordedTable>>,
  features: Readonly<Record<string, AnyFeature>>,
): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "stemma-")), "recorded.duckdb");
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  for (const [key, { columns, rows }] of Object.entries(tables)) {
    const table = quoteIdentifier(features[key]?.table ?? key);
    const definitions = Object.entries(columns).map(([name, type]) => `${quoteIdentifier(name)} ${type}`);
    await connection.run(`CREATE TABLE ${table} (${definitions.join(", ")})`);
    await connection.run(
      `INSERT INTO ${table} SELECT r.* FROM (SELECT unnest(CAST($1::JSON AS STRUCT(${definitions.join(", ")})[])) AS r)`,
      [JSON.stringify(rows)],
    );
  }
  connection.closeSync();
  instance.closeSync();
  return path;
}
