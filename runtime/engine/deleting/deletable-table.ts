import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { Session } from "../../duckdb/session.ts";
import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { countedTable } from "../tables/counted-rows.ts";
import { assertFeatureTable } from "../tables/feature-tables.ts";
import { inspectTable, type PhysicalTable } from "../tables/physical-table.ts";
import { identifiedRows } from "../writing/write-rows.ts";

/**
 * The table of a feature from which samples can be deleted; undefined where it was never written.
 *
 * It is not compared with the spec: to delete is a way out for a table that no longer fits.
 */
export async function deletableTable(
  session: Session,
  feature: AnyFeature,
): Promise<PhysicalTable | undefined> {
  const { key, table, spec } = feature;
  await assertNoView(session, key, table);
  const physical = await inspectTable(session, table);
  if (physical === undefined) return undefined;
  assertFeatureTable(session, { key, table }, physical);
  if (session.collatedTables.has(table)) {
    throw new StoreError(
      "table-shape",
      `The table ${table} of ${key} in ${session.database} has a column with a collation, under which samples that differ count as one. Take it away from each such column, then open the store again and delete: ALTER TABLE ${quoteIdentifier(table)} ALTER COLUMN … TYPE VARCHAR.`,
      { feature: key, table },
    );
  }
  const missing = spec.idColumns.filter((id) => !physical.columns.has(id));
  if (missing.length === 0) return (await countedTable(session, identifiedRows(feature), physical)).table;
  throw new StoreError(
    "table-shape",
    `The table of ${key} in ${session.database} lacks the id column ${missing.join(", ")}, so its samples can't be told apart. store.drop (stemma drop ${key}) removes the whole table.`,
    { feature: key, table, columns: missing },
  );
}

/** Refuses a view: its rows lie in other tables. */
export async function assertNoView(session: Session, key: string, table: string): Promise<void> {
  const [view] = await session.rows(
    `SELECT 1 FROM duckdb_views() WHERE database_name = current_database() AND schema_name = 'main'
       AND lower(view_name) = lower(${quoteLiteral(table)})`,
  );
  if (view === undefined) return;
  throw new StoreError(
    "table-shape",
    `The table ${table} of ${key} in ${session.database} is a view, so its rows lie in other tables. Delete them there.`,
    { feature: key, table },
  );
}
