import type { AnyFeature } from "../../feature.ts";
import { quoteName } from "../../sql-text.ts";
import { resolveIncrement } from "../increment/resolve-increment.ts";
import { readableTable } from "../tables/feature-tables.ts";
import { currentRows } from "../tables/relation.ts";
import { emptyUnderVersions } from "./parent-markers.ts";
import type { UnitCounts } from "./rehearsed-feature.ts";
import type { Stage } from "./stage.ts";
import { isOfVersion } from "./stored-versions.ts";

/** Resolves a feature with deps, and counts what it finds; what is stored and in none of its sets is untouched. */
export async function countUnits(
  stage: Stage,
  feature: AnyFeature,
  options: { readonly full?: boolean; readonly signal?: AbortSignal },
): Promise<UnitCounts> {
  await using increment = await resolveIncrement(stage, feature, options);
  const { counts } = increment;
  const stored = await countStored(stage, feature);
  return { ...counts, untouched: stored - counts.stale - counts.orphaned };
}

/** Counts the units of work that are stored, parents that are marked as empty among them. */
export async function countStored(stage: Stage, feature: AnyFeature): Promise<number> {
  const { idColumns, columns } = feature.spec;
  const { grain } = feature.plan;
  const spec = { idColumns, columns: pick(columns, grain), members: [], filters: [] };
  const empty = await emptyUnderVersions(stage, feature);
  return stage.within(feature, async (session) => {
    const { featureVersion } = feature;
    const stored = await readableTable(session, feature, { featureVersion, idColumns });
    const rows = stored && currentRows({ ...spec, featureVersion, table: stored.table });
    const marked = empty && `SELECT * FROM (${empty}) WHERE ${isOfVersion(feature.featureVersion)}`;
    const units = [rows, marked].flatMap((sql) =>
      sql === undefined ? [] : `SELECT DISTINCT ${grain.map(quoteName).join(", ")} FROM (${sql})`,
    );
    if (units.length === 0) return 0;
    const [count] = await session.rows(`SELECT count(*) AS units FROM (${units.join(" UNION ")})`);
    return Number(count?.["units"] ?? 0);
  });
}

function pick(columns: AnyFeature["spec"]["columns"], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, columns[name] ?? "VARCHAR"]));
}
