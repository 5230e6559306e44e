import { quoteLiteral } from "../../runtime/dialect/sql-text.ts";
import type { EngineSession } from "../../runtime/engine/engine.ts";
import type { PhysicalTable } from "../../runtime/engine/tables/physical-table.ts";

/** The versions under which a table has rows, the one that was last written first. */
export async function versionsByRecency(session: EngineSession, table: PhysicalTable): Promise<string[]> {
  const versions = await session.rows(
    `SELECT metaxy_feature_version AS version FROM ${table.name}
     WHERE metaxy_feature_version IS NOT NULL
     GROUP BY version
     ORDER BY max(coalesce(metaxy_deleted_at, metaxy_updated_at)) DESC NULLS LAST, ${session.dialect.log.last} DESC`,
  );
  return versions.map(({ version }) => String(version));
}

/** SQL condition on the rows of a version, including deleted ones. */
export function isOfVersion(version: string): string {
  return `metaxy_feature_version = ${quoteLiteral(version)}`;
}
