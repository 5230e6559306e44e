import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import { emptyParentsTable } from "../../runtime/engine/tables/empty-parents.ts";
import { inspectTable } from "../../runtime/engine/tables/physical-table.ts";
import type { StoredFeature } from "./simulated-feature.ts";
import type { SimulationCatalog } from "./simulation-catalog.ts";

/** Copies the markers of empty parents into the rehearsal. They are a log: what stands last of a parent counts. */
export async function copyEmptyParents(
  store: SimulationCatalog,
  simulation: SimulationCatalog,
  feature: StoredFeature,
): Promise<void> {
  if (!(await hasEmptyParents(store, feature))) return;
  const table = emptyParentsTable(feature);
  await simulation.within(feature, (session) =>
    session.run(
      `CREATE TABLE ${simulation.nameOf(table)} AS SELECT * FROM ${store.nameOf(table)} ORDER BY rowid`,
    ),
  );
}

/** SQL of the parents that turned out to have no children, with the version under which; undefined without any. */
export async function emptyParentsByVersion(
  store: SimulationCatalog,
  feature: StoredFeature,
): Promise<string | undefined> {
  if (!(await hasEmptyParents(store, feature))) return undefined;
  const keys = [...feature.plan.grain.map(quoteIdentifier), "metaxy_feature_version"].join(", ");
  return `SELECT ${keys} FROM ${store.nameOf(emptyParentsTable(feature))}
    QUALIFY rowid = max(rowid) OVER (PARTITION BY ${keys}) AND NOT is_retracted`;
}

async function hasEmptyParents(store: SimulationCatalog, feature: StoredFeature): Promise<boolean> {
  if (!feature.plan.traits.mayBeEmpty) return false;
  return store.within(
    feature,
    async (session) => (await inspectTable(session, emptyParentsTable(feature))) !== undefined,
  );
}
