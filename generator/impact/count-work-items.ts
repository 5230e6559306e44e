import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import { resolveIncrement } from "../../runtime/engine/increment/resolve-increment.ts";
import { readableTable } from "../../runtime/engine/tables/feature-tables.ts";
import { currentRows } from "../../runtime/engine/tables/relation.ts";
import type { AnyFeature } from "../../runtime/feature.ts";
import { emptyParentsByVersion } from "./recorded-empty-parents.ts";
import type { StoredFeature, WorkItemCounts } from "./simulated-feature.ts";
import type { SimulationCatalog } from "./simulation-catalog.ts";
import { isOfVersion } from "./stored-versions.ts";

/** Resolves a derived feature and counts its work items; a stored one that is in no set of the increment is up to date. */
export async function countWorkItems(
  catalog: SimulationCatalog,
  feature: AnyFeature,
  options: { readonly fullRefresh?: boolean; readonly signal?: AbortSignal },
): Promise<WorkItemCounts> {
  await using increment = await resolveIncrement(catalog, feature, options);
  const { counts } = increment;
  const stored = await countStored(catalog, feature);
  return { ...counts, upToDate: stored - counts.stale - counts.orphaned };
}

/** Counts the work items that are stored, including parents that are marked as empty. */
export async function countStored(catalog: SimulationCatalog, feature: StoredFeature): Promise<number> {
  const { idColumns, columns } = feature.spec;
  const { grain } = feature.plan;
  const spec = { idColumns, columns: pick(columns, grain), members: [], filters: [] };
  const emptyParentsSql = await emptyParentsByVersion(catalog, feature);
  return catalog.within(feature, async (session) => {
    const { featureVersion } = feature;
    const stored = await readableTable(session, feature, { featureVersion, idColumns });
    const rows = stored && currentRows(session.dialect, { ...spec, featureVersion, table: stored.table });
    const emptyParents =
      emptyParentsSql && `SELECT * FROM (${emptyParentsSql}) WHERE ${isOfVersion(feature.featureVersion)}`;
    const workItems = [rows, emptyParents].flatMap((sql) =>
      sql === undefined ? [] : `SELECT DISTINCT ${grain.map(quoteIdentifier).join(", ")} FROM (${sql})`,
    );
    if (workItems.length === 0) return 0;
    const [count] = await session.rows(`SELECT count(*) AS items FROM (${workItems.join(" UNION ")})`);
    return Number(count?.["items"] ?? 0);
  });
}

function pick(columns: StoredFeature["spec"]["columns"], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, columns[name] ?? "VARCHAR"]));
}
