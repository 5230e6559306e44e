import type { AnyFeature } from "../../feature.ts";
import { quoteName } from "../../sql-text.ts";
import { isExpansion, markerTable } from "../comparison/empty-parents.ts";
import { inspectTable } from "../tables/physical-table.ts";
import type { Stage } from "./stage.ts";

/** Copies the markers of empty parents into the rehearsal. They are a log: what stands last of a parent counts. */
export async function copyMarkers(store: Stage, rehearsal: Stage, feature: AnyFeature): Promise<void> {
  if (!(await hasMarkers(store, feature))) return;
  const table = markerTable(feature);
  await rehearsal.within(feature, (session) =>
    session.run(
      `CREATE TABLE ${rehearsal.nameOf(table)} AS SELECT * FROM ${store.nameOf(table)} ORDER BY rowid`,
    ),
  );
}

/** SQL of the parents that turned out to have no children, with the version under which; undefined without any. */
export async function emptyUnderVersions(store: Stage, feature: AnyFeature): Promise<string | undefined> {
  if (!(await hasMarkers(store, feature))) return undefined;
  const keys = [...feature.plan.grain.map(quoteName), "metaxy_feature_version"].join(", ");
  return `SELECT ${keys} FROM ${store.nameOf(markerTable(feature))}
    QUALIFY rowid = max(rowid) OVER (PARTITION BY ${keys}) AND NOT stemma_taken_away`;
}

async function hasMarkers(store: Stage, feature: AnyFeature): Promise<boolean> {
  if (!isExpansion(feature)) return false;
  return store.within(
    feature,
    async (session) => (await inspectTable(session, markerTable(feature))) !== undefined,
  );
}
