import type { PendingUpstream } from "../increment.ts";
import { quoteName, quoteText } from "../sql-text.ts";
import type { Session } from "./session.ts";
import type { UpstreamSource } from "./upstream-source.ts";

/** Upstream features with samples that are stored, but not under the current feature version. */
export async function pendingUpstream(
  session: Session,
  upstream: readonly UpstreamSource[],
): Promise<PendingUpstream[]> {
  const pending: PendingUpstream[] = [];
  for (const { key, facts, table } of upstream) {
    if (table === undefined) continue;
    const ids = facts.idColumns.map(quoteName).join(", ");
    const versions = `metaxy_feature_version = ${quoteText(facts.featureVersion)}`;
    const [waiting] = await session.rows(
      `WITH latest AS (
         SELECT ${ids}, metaxy_deleted_at, ${versions} AS current FROM ${table.name}
         WHERE metaxy_feature_version IS NOT NULL
         QUALIFY row_number() OVER (PARTITION BY ${ids}, metaxy_feature_version
           ORDER BY coalesce(metaxy_deleted_at, metaxy_updated_at) DESC NULLS LAST, rowid DESC) = 1)
       SELECT count(*) AS samples FROM (
         SELECT ${ids} FROM latest GROUP BY ${ids}
         HAVING NOT bool_or(current) AND bool_or(metaxy_deleted_at IS NULL))`,
    );
    const samples = Number(waiting?.["samples"] ?? 0);
    if (samples > 0) pending.push({ feature: key, samples });
  }
  return pending;
}
