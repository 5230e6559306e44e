import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import { emptyParentsTable } from "../tables/empty-parents.ts";
import { qualifiedName } from "../tables/physical-table.ts";

/** The empty parents that a delete selects. */
export interface EmptyParentSelection {
  readonly feature: AnyFeature;
  readonly allVersions: boolean;
  /** SQL condition on the selected empty parents. */
  readonly condition: string;
  readonly parameters: BindParameters;
}

/** Counts the selected parents that are marked as empty. */
export async function countEmptyParents(
  session: EngineSession,
  selection: EmptyParentSelection,
): Promise<number> {
  const sql = `SELECT count(*) AS parents FROM (${currentEmptyParents(session.dialect, selection)})`;
  const [found] = await session.rows(sql, selection.parameters.of(sql));
  return Number(found?.["parents"]);
}

/** Retracts empty parents by further rows, since their table is a log. Within a transaction. */
export async function softDeleteEmptyParents(
  session: EngineSession,
  selection: EmptyParentSelection,
): Promise<void> {
  const table = qualifiedName(emptyParentsTable(selection.feature));
  const columns = session.dialect.allColumns({
    replaced: [
      ["metaxy_provenance", "NULL"],
      ["metaxy_provenance_by_field", "NULL"],
      ["is_retracted", "true"],
    ],
  });
  const sql = `INSERT INTO ${table} SELECT ${columns} FROM (${currentEmptyParents(session.dialect, selection)})`;
  await session.run(sql, selection.parameters.of(sql));
}

/** Removes all rows of the selected parents. Within a transaction. */
export async function hardDeleteEmptyParents(
  session: EngineSession,
  selection: EmptyParentSelection,
): Promise<number> {
  const sql = `DELETE FROM ${logOf(selection)} AND (${selection.condition})`;
  return session.run(sql, selection.parameters.of(sql));
}

/** SQL of the current empty parents: the last row of a parent under a version decides whether it is empty. */
function currentEmptyParents({ log, whereWindow }: Dialect, selection: EmptyParentSelection): string {
  const key = [...selection.feature.plan.grain.map(quoteIdentifier), "metaxy_feature_version"];
  const current = whereWindow(
    `SELECT * FROM ${logOf(selection)}`,
    `${log.isLastOf(key)} AND NOT is_retracted`,
  );
  return `SELECT * FROM (${current}) WHERE (${selection.condition})`;
}

function logOf({ feature, allVersions }: EmptyParentSelection): string {
  const version = allVersions ? "IS NOT NULL" : `= ${quoteLiteral(feature.featureVersion)}`;
  return `${qualifiedName(emptyParentsTable(feature))} WHERE metaxy_feature_version ${version}`;
}
