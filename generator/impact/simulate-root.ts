import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import type { Session } from "../../runtime/duckdb/session.ts";
import { ofVersion } from "../../runtime/engine/tables/counted-rows.ts";
import type { SimulatedFeature, WorkItemCounts } from "./simulated-feature.ts";
import { type StoredTable, simulatedRows } from "./simulated-table.ts";
import { versionsByRecency } from "./stored-versions.ts";

/** The rows of a root under the current definitions. */
export interface RootRows {
  readonly counts: WorkItemCounts;
  /** SQL of the rows that its run would write; undefined where it has nothing to write. */
  readonly written: string | undefined;
}

/**
 * What becomes of the rows of a root. Nobody but its caller knows its samples, so those are taken that are stored: where
 * the version that was written last is another one, its samples come back as new. One that is stored under the current
 * version too, or was deleted there, does not.
 */
export async function simulateRoot(
  session: Session,
  simulated: SimulatedFeature,
  stored: StoredTable | undefined,
): Promise<RootRows> {
  const none = { new: 0, stale: 0, orphaned: 0, upToDate: 0 };
  if (stored === undefined) return { counts: { ...none, incomplete: true }, written: undefined };
  const { feature } = simulated;
  const table = stored.under(feature.featureVersion);
  const upToDate = await countRows(
    session,
    simulatedRows(session.dialect, simulated, stored, feature.featureVersion),
  );
  const [latest] = await versionsByRecency(session, table);
  // Rows that were written under other ids don't tell which samples there are, nor how many.
  if (latest !== undefined && stored.hasOtherIds(latest))
    return { counts: { ...none, upToDate, incomplete: true }, written: undefined };
  if (latest === undefined || latest === feature.featureVersion)
    // Neither do rows that lack an id.
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
    ANTI JOIN (SELECT * FROM ${table.name} WHERE ${ofVersion(table, feature.featureVersion)}) AS c ON ${same}`;
  const added = await countRows(session, written);
  return { counts: { ...none, new: added, upToDate }, written: added === 0 ? undefined : written };
}

async function countRows(session: Session, sql: string): Promise<number> {
  const [count] = await session.rows(`SELECT count(*) AS rows FROM (${sql})`);
  return Number(count?.["rows"] ?? 0);
}
