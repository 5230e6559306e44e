import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import type { EngineSession } from "../../runtime/engine/engine.ts";
import { ofVersion } from "../../runtime/engine/tables/counted-rows.ts";
import type { SimulatedFeature, WorkItemCounts } from "./simulated-feature.ts";
import { type StoredTable, simulatedRows } from "./simulated-table.ts";
import { versionsByRecency } from "./stored-versions.ts";

/** The work items of a root under the current definitions. */
export interface RootRows {
  readonly counts: WorkItemCounts;
  /** SQL of the rows that its run would write; undefined if it has nothing to write. */
  readonly written: string | undefined;
}

/**
 * Simulates a root. Only the caller of a resolve knows its samples, so the simulation takes the stored ones: if the
 * version that was last written is not the current one, its samples count as new. A sample that is stored under the
 * current version too, or was deleted there, does not.
 */
export async function simulateRoot(
  session: EngineSession,
  simulated: SimulatedFeature,
  stored: StoredTable | undefined,
): Promise<RootRows> {
  const { antiJoin } = session.dialect;
  const none = { new: 0, stale: 0, orphaned: 0, upToDate: 0 };
  if (stored === undefined) return { counts: { ...none, incomplete: true }, written: undefined };
  const { feature } = simulated;
  const table = stored.under(feature.featureVersion);
  const upToDate = await countRows(
    session,
    simulatedRows(session.dialect, simulated, stored, feature.featureVersion),
  );
  const [latest] = await versionsByRecency(session, table);
  // Rows that were written under other ids identify no samples.
  if (latest !== undefined && stored.hasOtherIds(latest))
    return { counts: { ...none, upToDate, incomplete: true }, written: undefined };
  if (latest === undefined || latest === feature.featureVersion)
    // Rows without an id identify none either.
    return {
      counts: {
        ...none,
        upToDate,
        ...(upToDate === 0 && latest !== undefined ? { incomplete: true } : {}),
      },
      written: undefined,
    };

  const same = feature.spec.idColumns
    .map((id) => `r.${quoteIdentifier(id)} = c.${quoteIdentifier(id)}`)
    .join(" AND ");
  const written = `SELECT r.* FROM (${simulatedRows(session.dialect, simulated, stored, latest)}) AS r
    ${antiJoin(`(SELECT * FROM ${table.name} WHERE ${ofVersion(table, feature.featureVersion)}) AS c`, same)}`;
  const added = await countRows(session, written);
  return { counts: { ...none, new: added, upToDate }, written: added === 0 ? undefined : written };
}

async function countRows(session: EngineSession, sql: string): Promise<number> {
  const [count] = await session.rows(`SELECT count(*) AS rows FROM (${sql})`);
  return Number(count?.["rows"] ?? 0);
}
