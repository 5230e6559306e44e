import type { PendingUpstream } from "../../increment.ts";
import { quoteName, quoteText } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import type { UpstreamSource } from "./upstream-source.ts";

/**
 * Upstream features with samples that are stored, but not under the current feature version.
 *
 * `known` has the answers for upstream features whose log did not grow since they were found.
 */
export async function pendingUpstream(
  session: Session,
  upstream: readonly UpstreamSource[],
  known: ReadonlyMap<string, PendingUpstream | undefined>,
): Promise<PendingUpstream[]> {
  const pending: PendingUpstream[] = [];
  for (const source of upstream) {
    const found = known.has(source.key) ? known.get(source.key) : await waitingFor(session, source);
    if (found !== undefined) pending.push(found);
  }
  return pending;
}

async function waitingFor(
  session: Session,
  { key, facts, table }: UpstreamSource,
): Promise<PendingUpstream | undefined> {
  if (table === undefined || !(await holdsOtherVersions(session, table, facts.featureVersion)))
    return undefined;
  const ids = facts.idColumns.map(quoteName).join(", ");
  const [waiting] = await session.rows(
    `WITH latest AS (
       SELECT ${ids}, metaxy_deleted_at,
         metaxy_feature_version = ${quoteText(facts.featureVersion)} AS is_current FROM ${table.name}
       WHERE metaxy_feature_version IS NOT NULL
       QUALIFY row_number() OVER (PARTITION BY ${ids}, metaxy_feature_version
         ORDER BY coalesce(metaxy_deleted_at, metaxy_updated_at) DESC NULLS LAST, rowid DESC) = 1)
     SELECT count(*) AS samples FROM (
       SELECT ${ids} FROM latest GROUP BY ${ids}
       HAVING NOT bool_or(is_current) AND bool_or(metaxy_deleted_at IS NULL))`,
  );
  const samples = Number(waiting?.["samples"] ?? 0);
  return samples === 0 ? undefined : { feature: key, samples };
}

async function holdsOtherVersions(session: Session, table: PhysicalTable, version: string): Promise<boolean> {
  const found = await session.rows(
    `SELECT 1 FROM ${table.name} WHERE metaxy_feature_version <> ${quoteText(version)} LIMIT 1`,
  );
  return found.length > 0;
}
