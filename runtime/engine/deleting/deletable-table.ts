import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { countedTable } from "../tables/counted-rows.ts";
import { assertFeatureTable, assertNoView } from "../tables/feature-tables.ts";
import { inspectTable, type PhysicalTable } from "../tables/physical-table.ts";
import { identifiedRows } from "../writing/write-rows.ts";

/**
 * The table of a feature from which samples can be deleted; undefined where it was never written.
 *
 * It is not compared with the spec: to delete is a way out for a table that no longer fits.
 */
export async function deletableTable(
  session: EngineSession,
  feature: AnyFeature,
): Promise<PhysicalTable | undefined> {
  const { key, table, spec } = feature;
  await assertNoView(session, feature);
  const physical = await inspectTable(session, table);
  if (physical === undefined) return undefined;
  assertFeatureTable(session, { key, table }, physical);
  if (session.catalog.isCollated(table)) {
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
