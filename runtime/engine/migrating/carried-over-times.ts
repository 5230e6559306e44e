import { quoteLiteral } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import { qualifiedName } from "../tables/physical-table.ts";

/** Name of the table that records when rows were carried over, from which version to which. */
export const carriedOverTable = "stemma_carried_over";

/** Rows that go from one version to another. */
export interface CarryOverRecord {
  readonly table: string;
  readonly featureVersion: string;
  readonly fromTable: string;
  readonly fromVersion: string;
}

/** Records that the rows of one write were carried over. Within the transaction that writes them. */
export async function recordCarriedOver(
  session: EngineSession,
  record: CarryOverRecord,
  time: bigint,
): Promise<void> {
  const {
    timeAt,
    values: { scalars },
  } = session.dialect;
  const text = scalars.VARCHAR.type;
  const name = qualifiedName(carriedOverTable);
  const { table, featureVersion, fromTable, fromVersion } = record;
  const values = [table, featureVersion, fromTable, fromVersion].map(quoteLiteral).join(", ");
  await session.run(
    `CREATE TABLE IF NOT EXISTS ${name} (table_name ${text}, feature_version ${text}, from_table ${text},
       from_version ${text}, time ${scalars.TIMESTAMPTZ.type})`,
  );
  await session.run(`INSERT INTO ${name} VALUES (${values}, ${timeAt(time)})`);
}

/**
 * SQL condition that the row `before` was carried over to the row `now`, and neither was written since. Both have a
 * `metaxy_updated_at`.
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
