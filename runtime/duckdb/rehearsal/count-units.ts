import type { AnyFeature } from "../../feature.ts";
import { inspectStored } from "../comparison/stored-side.ts";
import type { Session } from "../connection/session.ts";
import { resolveIncrement } from "../increment/resolve-increment.ts";
import { featureTable } from "../tables/feature-tables.ts";
import type { UnitCounts } from "./rehearsed-feature.ts";
import type { Stage } from "./stage.ts";

/** Resolves a feature with deps, and counts what it finds; what is stored and in none of its sets is untouched. */
export async function countUnits(
  stage: Stage,
  feature: AnyFeature,
  options: { readonly full?: boolean; readonly signal?: AbortSignal },
): Promise<UnitCounts> {
  await using increment = await resolveIncrement(stage, feature, options);
  const { counts } = increment;
  const stored = await stage.within(feature, (session) => countStored(session, feature));
  return { ...counts, untouched: stored - counts.stale - counts.orphaned };
}

/** Counts the units of work that are stored, parents that are marked as empty among them. */
export async function countStored(session: Session, feature: AnyFeature): Promise<number> {
  const table = await featureTable(session, feature);
  const stored = await inspectStored(session, feature, table, [], [], undefined);
  if (stored === undefined) return 0;
  const [count] = await session.rows(`SELECT count(*) AS units FROM (${stored.grains})`);
  return Number(count?.["units"] ?? 0);
}
