import type { AnyFeature } from "../../feature.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { Session } from "../../duckdb/session.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { type AffectedKeys, affectedLog } from "../tables/relation.ts";

/** What a comparison and a write need to know of stored rows. */
const sliceColumns = [
  "metaxy_provenance_by_field",
  "metaxy_provenance",
  "metaxy_created_at",
  "metaxy_updated_at",
  "metaxy_deleted_at",
] as const;

/**
 * Puts the target's log of the touched grains into a temporary table, so that it is scanned once: for the comparison,
 * and again when answers are written. An increment has a session of its own.
 */
export async function createTargetSlice(
  session: Session,
  feature: AnyFeature,
  table: PhysicalTable,
  affected: AffectedKeys,
): Promise<PhysicalTable> {
  const { spec, featureVersion } = feature;
  const columns = [...spec.idColumns, ...sliceColumns];
  const log = affectedLog({ table, idColumns: spec.idColumns, featureVersion }, affected);
  await session.run(
    `CREATE TEMP TABLE stemma_stored AS SELECT rowid AS rowid, ${columns.map(quoteIdentifier).join(", ")} FROM (${log})`,
  );
  return {
    name: "temp.stemma_stored",
    stored: table.stored,
    columns: new Map([...table.columns].filter(([column]) => columns.includes(column))),
    offset: table.offset,
    hasRowId: true,
  };
}
