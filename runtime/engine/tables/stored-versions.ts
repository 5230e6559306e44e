import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { fallbackSchema, featureSchema } from "./feature-tables.ts";

/** A feature version under which rows are stored. */
export interface StoredVersion {
  readonly version: string;
  /** Earlier rows and deletion marks included. */
  readonly rows: number;
}

/**
 * The feature versions under which a feature has rows, the one that was written last first. `fallback` also looks in the
 * fallbacks.
 */
export async function storedVersions(
  session: EngineSession,
  feature: AnyFeature,
  fallback = false,
): Promise<readonly StoredVersion[]> {
  const own = await featureSchema(session, feature);
  const table = own ?? (fallback ? await fallbackSchema(session, feature) : undefined);
  if (table === undefined) return [];
  const versions = await session.rows(
    `SELECT metaxy_feature_version AS version, count(*) AS rows FROM ${table.name}
     WHERE metaxy_feature_version IS NOT NULL
     GROUP BY metaxy_feature_version ORDER BY max(metaxy_updated_at) DESC NULLS LAST, version`,
  );
  return versions.map(({ version, rows }) => ({ version: String(version), rows: Number(rows) }));
}
