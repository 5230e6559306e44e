import type { AnyFeature } from "../../feature.ts";
import { quoteName, quoteText } from "../../sql-text.ts";
import { markerTable } from "../comparison/empty-parents.ts";
import type { Parameters } from "../connection/parameters.ts";
import type { Session } from "../connection/session.ts";
import { qualifiedName } from "../tables/physical-table.ts";

/** The markers of empty parents that a delete is about. */
export interface DeletedMarkers {
  readonly feature: AnyFeature;
  readonly allVersions: boolean;
  /** SQL condition that holds for the markers that are meant. */
  readonly condition: string;
  readonly parameters: Parameters;
}

/** Counts the parents that count as processed and empty. */
export async function countMarkers(session: Session, markers: DeletedMarkers): Promise<number> {
  const sql = `SELECT count(*) AS parents FROM (${standing(markers)})`;
  const [found] = await session.rows(sql, markers.parameters.of(sql));
  return Number(found?.["parents"]);
}

/** Takes the markers away by further rows, since their table is a log. Within a transaction. */
export async function retractMarkers(session: Session, markers: DeletedMarkers): Promise<void> {
  const table = qualifiedName(markerTable(markers.feature));
  const sql = `INSERT INTO ${table}
    SELECT * REPLACE (NULL AS metaxy_provenance, NULL AS metaxy_provenance_by_field, true AS stemma_taken_away)
    FROM (${standing(markers)})`;
  await session.run(sql, markers.parameters.of(sql));
}

/** Removes all rows of the markers' parents. Within a transaction. */
export async function removeMarkers(session: Session, markers: DeletedMarkers): Promise<number> {
  const sql = `DELETE FROM ${logOf(markers)} AND (${markers.condition})`;
  return session.run(sql, markers.parameters.of(sql));
}

/** SQL of the markers that stand: the last row of a parent under a version says whether it is marked. */
function standing(markers: DeletedMarkers): string {
  const key = [...markers.feature.plan.grain.map(quoteName), "metaxy_feature_version"].join(", ");
  return `SELECT * FROM (SELECT * FROM ${logOf(markers)}
      QUALIFY rowid = max(rowid) OVER (PARTITION BY ${key}) AND NOT stemma_taken_away)
    WHERE (${markers.condition})`;
}

function logOf({ feature, allVersions }: DeletedMarkers): string {
  const version = allVersions ? "IS NOT NULL" : `= ${quoteText(feature.featureVersion)}`;
  return `${qualifiedName(markerTable(feature))} WHERE metaxy_feature_version ${version}`;
}
