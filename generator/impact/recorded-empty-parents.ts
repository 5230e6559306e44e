import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import { emptyParentsTable } from "../../runtime/engine/tables/empty-parents.ts";
import { inspectTable } from "../../runtime/engine/tables/physical-table.ts";
import type { StoredFeature } from "./simulated-feature.ts";
import type { SimulationCatalog } from "./simulation-catalog.ts";

/** Copies empty parents into the simulation. They are a log: the last row of a parent counts. */
export async function copyEmptyParents(
  store: SimulationCatalog,
  simulation: SimulationCatalog,
  feature: StoredFeature,
): Promise<void> {
  if ((await emptyParentsByVersion(store, feature)) === undefined) return;
  const table = emptyParentsTable(feature);
  await simulation.within(feature, (session) =>
    session.run(
      `CREATE TABLE ${simulation.nameOf(table)} AS
       SELECT * FROM ${store.nameOf(table)} ORDER BY ${session.dialect.log.column}`,
    ),
  );
}

/** SQL of the parents that are marked as empty, with the version under which; undefined without any. */
export async function emptyParentsByVersion(
  store: SimulationCatalog,
  feature: StoredFeature,
): Promise<string | undefined> {
  if (!feature.plan.traits.mayBeEmpty) return undefined;
  return store.within(feature, async (session) => {
    const table = emptyParentsTable(feature);
    if ((await inspectTable(session, table)) === undefined) return undefined;
    const { log, whereWindow } = session.dialect;
    const keys = [...feature.plan.grain.map(quoteIdentifier), "metaxy_feature_version"];
    return whereWindow(
      `SELECT ${keys.join(", ")} FROM ${store.nameOf(table)}`,
      `${log.isLastOf(keys)} AND NOT is_retracted`,
    );
  });
}
