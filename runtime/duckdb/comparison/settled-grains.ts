import type { DerivedPlan } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName } from "../../sql-text.ts";
import { Parameters } from "../connection/parameters.ts";
import type { Session } from "../connection/session.ts";
import { featureLogs } from "../recall/feature-logs.ts";
import { canBeTouched } from "../recall/touched-grains.ts";
import { type WatchedLog, watchLogs } from "../recall/watched-log.ts";
import type { Touched } from "../tables/relation.ts";
import { withCtes } from "./comparison.ts";
import { type ExpectedRows, expectedFromPlan } from "./expected-rows.ts";
import { storedSide } from "./stored-side.ts";
import { upstreamRelations, upstreamSources } from "./upstream-source.ts";

/**
 * SQL of those of some grains that are expected and in sync, as the tables are now; undefined where none is.
 *
 * `grains` is a table of them. `samples` are the expected rows where they don't come from the upstream features.
 */
export async function settledGrains(
  session: Session,
  feature: AnyFeature,
  grains: string,
  samples: ExpectedRows | undefined,
): Promise<string | undefined> {
  const plan = feature.plan.kind === "root" || samples !== undefined ? undefined : feature.plan;
  const logs = await watchLogs(session, await featureLogs(session, feature, plan), []);
  // Looking at the rows of these grains alone spares looking at all that is expected.
  const touched =
    plan === undefined || !canBeTouched(feature, plan)
      ? undefined
      : logs.map(({ on }) => ({ table: grains, on, newerFrom: undefined, isAlone: false }));
  const stored = await storedSide(
    session,
    feature,
    { table: logs.at(-1)?.table, markers: logs.at(-2)?.table },
    { filters: [], staleIf: [], touched: touched?.at(-1), repeated: undefined },
  );
  const expected = samples ?? (await expectedNow(plan, logs, touched));
  if (stored === undefined || expected === undefined) return undefined;
  const ctes = new Map([...expected.ctes, ["stemma_expected", expected.grains]]);
  ctes.set("stemma_stored", stored.grains);
  const columns = feature.plan.grain.map(quoteName);
  return `${withCtes(ctes)}SELECT ${columns.map((column) => `e.${column}`).join(", ")}
    FROM stemma_expected AS e
    INNER JOIN stemma_stored AS s ON ${columns.map((column) => `e.${column} = s.${column}`).join(" AND ")}
    WHERE e.metaxy_provenance = s.metaxy_provenance AND NOT s.stemma_singled_out`;
}

async function expectedNow(
  plan: DerivedPlan | undefined,
  logs: readonly WatchedLog[],
  touched: readonly Touched[] | undefined,
): Promise<ExpectedRows | undefined> {
  if (plan === undefined) return undefined;
  const look = { options: {}, parameters: new Parameters(), touched, repeated: undefined };
  return expectedFromPlan(plan, await upstreamRelations(upstreamSources(plan, logs), look));
}
