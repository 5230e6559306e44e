import type { DerivedPlan } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import { isExpansion, markerShape, markerTable } from "../comparison/empty-parents.ts";
import type { Session } from "../connection/session.ts";
import { featureShape, upstreamShape } from "../tables/feature-tables.ts";
import { joinColumns } from "./touched-grains.ts";
import type { Log } from "./watched-log.ts";

/**
 * The logs that a resolve of a feature reads: each upstream of the plan, in its order, then the markers of empty
 * parents, and last the feature's own table.
 */
export async function featureLogs(
  session: Session,
  feature: AnyFeature,
  plan: DerivedPlan | undefined,
): Promise<Log[]> {
  const logs: Log[] = [];
  for (const [key, facts] of Object.entries(plan?.upstream ?? {})) {
    const { table: name, idColumns, featureVersion, on } = facts;
    const columns = Object.keys(facts.columns);
    const shape = await upstreamShape(session, feature, key, facts);
    logs.push({ key, name, shape, idColumns, featureVersion, on, columns });
  }
  const { key, table, featureVersion } = feature;
  const same = plan === undefined ? [] : joinColumns(plan);
  const columns = Object.keys(feature.spec.columns);
  const own = {
    key,
    featureVersion,
    columns,
    on: Object.fromEntries(same.map((column) => [column, column])),
  };
  const name = markerTable(feature);
  const markers = isExpansion(feature) ? await markerShape(session, feature) : undefined;
  logs.push({ ...own, name, shape: markers, idColumns: feature.plan.grain });
  const shape = await featureShape(session, feature);
  logs.push({ ...own, name: table, shape, idColumns: feature.spec.idColumns });
  return logs;
}
