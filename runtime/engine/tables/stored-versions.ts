import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { fallbackSchema, featureSchema } from "./feature-tables.ts";

/** The feature versions under which a feature has rows; `fallback` also looks in the fallbacks. */
export async function storedVersions(
  session: EngineSession,
  feature: AnyFeature,
  fallback = false,
): Promise<readonly string[]> {
  const own = await featureSchema(session, feature);
  const table = own ?? (fallback ? await fallbackSchema(session, feature) : undefined);
  if (table === undefined) return [];
  const versions = await session.rows(
    `SELECT DISTINCT metaxy_feature_version AS version FROM ${table.stored}
     WHERE metaxy_feature_version IS NOT NULL ORDER BY version`,
  );
  return versions.map(({ version }) => String(version));
}
