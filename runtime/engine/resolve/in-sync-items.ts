import type { DerivedPlan } from "../../contract.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import { BindParameters } from "../bind-parameters.ts";
import { featureSources } from "../checkpoint/feature-sources.ts";
import { inspectSources, type SourceState } from "../checkpoint/source-state.ts";
import { upstreamSources } from "../checkpoint/upstream-sources.ts";
import type { EngineSession } from "../engine.ts";
import type { AffectedKeys } from "../tables/relation.ts";
import { withCtes } from "../tables/work-items.ts";
import { type ExpectedRows, expectedFromPlan } from "./expected-rows.ts";
import { storedSide } from "./stored-side.ts";
import { upstreamRelations } from "./upstream-source.ts";

/**
 * SQL of those of some grains that are expected and in sync, as the tables are now; undefined where none is.
 *
 * `grains` is a table of them. `samples` are the expected rows where they don't come from the upstream features.
 */
export async function inSyncItems(
  session: EngineSession,
  feature: AnyFeature,
  items: string,
  samples: ExpectedRows | undefined,
): Promise<string | undefined> {
  const plan = feature.plan.kind === "root" || samples !== undefined ? undefined : feature.plan;
  const logs = await inspectSources(session, await featureSources(session, feature, plan), []);
  // Looking at the rows of these grains alone spares looking at all that is expected.
  const affected =
    plan === undefined || !plan.traits.incremental
      ? undefined
      : logs.map(({ on }) => ({ table: items, on, newerFrom: undefined, isOnlyChangedSource: false }));
  const stored = await storedSide(
    session,
    feature,
    { table: logs.at(-1)?.table, emptyParents: logs.at(-2)?.table },
    { filters: [], staleIf: [], affected: affected?.at(-1), repeated: undefined },
  );
  const expected = samples ?? (await expectedNow(session.dialect, plan, logs, affected));
  if (stored === undefined || expected === undefined) return undefined;
  const ctes = new Map([...expected.ctes, ["stemma_expected", expected.items]]);
  ctes.set("stemma_stored", stored.items);
  const columns = feature.plan.grain.map(quoteIdentifier);
  return `${withCtes(ctes)}SELECT ${columns.map((column) => `e.${column}`).join(", ")}
    FROM stemma_expected AS e
    INNER JOIN stemma_stored AS s ON ${columns.map((column) => `e.${column} = s.${column}`).join(" AND ")}
    WHERE e.metaxy_provenance = s.metaxy_provenance AND NOT s.stemma_forced_stale`;
}

async function expectedNow(
  dialect: Dialect,
  plan: DerivedPlan | undefined,
  logs: readonly SourceState[],
  affected: readonly AffectedKeys[] | undefined,
): Promise<ExpectedRows | undefined> {
  if (plan === undefined) return undefined;
  const upstreamOptions = { options: {}, parameters: new BindParameters(), affected, repeated: undefined };
  return expectedFromPlan(
    dialect,
    plan,
    await upstreamRelations(dialect, upstreamSources(plan, logs), upstreamOptions),
  );
}
