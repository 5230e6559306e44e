import type { DerivedPlan } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { emptyParentsSchema, emptyParentsTable } from "../tables/empty-parents.ts";
import { featureSchema, upstreamSchema } from "../tables/feature-tables.ts";
import { joinColumns } from "./affected-keys.ts";
import type { SourceLog } from "./source-state.ts";

/**
 * The logs that a resolve of a feature reads: each upstream of the plan, in its order, then the markers of empty
 * parents, and last the feature's own table.
 */
export async function featureSources(
  session: EngineSession,
  feature: AnyFeature,
  plan: DerivedPlan | undefined,
): Promise<SourceLog[]> {
  const logs: SourceLog[] = [];
  for (const [key, facts] of Object.entries(plan?.upstream ?? {})) {
    const { table: name, idColumns, featureVersion, on } = facts;
    const columns = Object.keys(facts.columns);
    const schema = await upstreamSchema(session, feature, key, facts);
    // What was read of a fallback says nothing of a table that the store has later.
    const source = schema?.fallback === undefined ? name : `${name} in ${schema.fallback.schema}`;
    logs.push({ key, name: source, schema, idColumns, featureVersion, on, columns });
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
  const name = emptyParentsTable(feature);
  const emptyParents = feature.plan.traits.mayBeEmpty
    ? await emptyParentsSchema(session, feature)
    : undefined;
  logs.push({ ...own, name, schema: emptyParents, idColumns: feature.plan.grain });
  const schema = await featureSchema(session, feature);
  logs.push({ ...own, name: table, schema, idColumns: feature.spec.idColumns });
  return logs;
}
