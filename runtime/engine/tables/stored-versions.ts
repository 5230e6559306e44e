import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { featureSchema } from "./feature-tables.ts";

/** The feature versions under which a feature has rows. */
export async function storedVersions(
  session: EngineSession,
  feature: AnyFeature,
): Promise<readonly string[]> {
  const table = await featureSchema(session, feature);
  if (table === undefined) return [];
  const versions = await session.rows(
    `SELECT DISTINCT metaxy_feature_version AS version FROM ${table.stored}
     WHERE metaxy_feature_version IS NOT NULL ORDER BY version`,
  );
  return versions.map(({ version }) => String(version));
}
