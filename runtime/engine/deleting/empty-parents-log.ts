import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import { emptyParentsTable } from "../resolve/empty-parents.ts";
import { qualifiedName } from "../tables/physical-table.ts";

/** The markers of empty parents that a delete is about. */
export interface EmptyParentSelection {
  readonly feature: AnyFeature;
  readonly allVersions: boolean;
  /** SQL condition that holds for the markers that are meant. */
  readonly condition: string;
  readonly parameters: BindParameters;
}

/** Counts the parents that count as processed and empty. */
export async function countEmptyParents(
  session: EngineSession,
  selection: EmptyParentSelection,
): Promise<number> {
  const sql = `SELECT count(*) AS parents FROM (${currentEmptyParents(selection)})`;
  const [found] = await session.rows(sql, selection.parameters.of(sql));
  return Number(found?.["parents"]);
}

/** Takes the markers away by further rows, since their table is a log. Within a transaction. */
export async function softDeleteEmptyParents(
  session: EngineSession,
  selection: EmptyParentSelection,
): Promise<void> {
  const table = qualifiedName(emptyParentsTable(selection.feature));
  const sql = `INSERT INTO ${table}
    SELECT * REPLACE (NULL AS metaxy_provenance, NULL AS metaxy_provenance_by_field, true AS is_retracted)
    FROM (${currentEmptyParents(selection)})`;
  await session.run(sql, selection.parameters.of(sql));
}

/** Removes all rows of the markers' parents. Within a transaction. */
export async function hardDeleteEmptyParents(
  session: EngineSession,
  selection: EmptyParentSelection,
): Promise<number> {
  const sql = `DELETE FROM ${logOf(selection)} AND (${selection.condition})`;
  return session.run(sql, selection.parameters.of(sql));
}

/** SQL of the markers that stand: the last row of a parent under a version says whether it is marked. */
function currentEmptyParents(selection: EmptyParentSelection): string {
  const key = [...selection.feature.plan.grain.map(quoteIdentifier), "metaxy_feature_version"].join(", ");
  return `SELECT * FROM (SELECT * FROM ${logOf(selection)}
      QUALIFY rowid = max(rowid) OVER (PARTITION BY ${key}) AND NOT is_retracted)
    WHERE (${selection.condition})`;
}

function logOf({ feature, allVersions }: EmptyParentSelection): string {
  const version = allVersions ? "IS NOT NULL" : `= ${quoteLiteral(feature.featureVersion)}`;
  return `${qualifiedName(emptyParentsTable(feature))} WHERE metaxy_feature_version ${version}`;
}
