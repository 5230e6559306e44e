import { quoteLiteral } from "../../runtime/dialect/sql-text.ts";
import type { Session } from "../../runtime/duckdb/session.ts";
import type { PhysicalTable } from "../../runtime/engine/tables/physical-table.ts";

/** The versions under which a table has rows, the one that was written last first. */
export async function versionsByRecency(session: Session, table: PhysicalTable): Promise<string[]> {
  const versions = await session.rows(
    `SELECT metaxy_feature_version AS version FROM ${table.name}
     WHERE metaxy_feature_version IS NOT NULL
     GROUP BY ALL ORDER BY max(coalesce(metaxy_deleted_at, metaxy_updated_at)) DESC NULLS LAST, max(rowid) DESC`,
  );
  return versions.map(({ version }) => String(version));
}

/** Condition on the rows of a table: they stand under a version, deleted ones among them. */
export function isOfVersion(version: string): string {
  return `metaxy_feature_version = ${quoteLiteral(version)}`;
}
