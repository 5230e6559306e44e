import { quoteLiteral } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import { qualifiedName } from "../tables/physical-table.ts";
import { timeSql } from "../writing/write-time.ts";

/** Name of the table that says at which times rows were carried over, from which version to which. */
export const carriedOverTable = "stemma_carried_over";

/** Rows that go from one version to another. */
export interface CarryOverRecord {
  readonly table: string;
  readonly featureVersion: string;
  readonly fromTable: string;
  readonly fromVersion: string;
}

/** Records that rows of a time of writing were carried over. Within the transaction that writes them. */
export async function recordCarriedOver(
  session: EngineSession,
  record: CarryOverRecord,
  time: bigint,
): Promise<void> {
  const name = qualifiedName(carriedOverTable);
  const { table, featureVersion, fromTable, fromVersion } = record;
  const values = [table, featureVersion, fromTable, fromVersion].map(quoteLiteral).join(", ");
  await session.run(
    `CREATE TABLE IF NOT EXISTS ${name} (table_name VARCHAR, feature_version VARCHAR, from_table VARCHAR,
       from_version VARCHAR, time TIMESTAMPTZ)`,
  );
  await session.run(`INSERT INTO ${name} VALUES (${values}, ${timeSql(time)})`);
}

/**
 * SQL condition that the row `now` is what `before` became when it was carried over, and was not written since; nor was
 * `before`. Both have a `metaxy_updated_at`.
 */
export async function isCarriedOver(
  session: EngineSession,
  { table, featureVersion, fromTable, fromVersion }: CarryOverRecord,
  { now, before }: { readonly now: string; readonly before: string },
): Promise<string> {
  const name = qualifiedName(carriedOverTable);
  if ((await session.columnsOf(name)) === undefined) return "false";
  const times = `SELECT time FROM ${name}
    WHERE table_name = ${quoteLiteral(table)} AND feature_version = ${quoteLiteral(featureVersion)}
      AND from_table = ${quoteLiteral(fromTable)} AND from_version = ${quoteLiteral(fromVersion)}`;
  return `(${now}.metaxy_updated_at IN (${times}) AND ${before}.metaxy_updated_at < ${now}.metaxy_updated_at)`;
}
