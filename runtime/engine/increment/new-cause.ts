import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { NewCause } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { emptyParentRows } from "../tables/empty-parents.ts";
import { versionLog } from "../tables/latest-rows.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { currentRows } from "../tables/relation.ts";
import type { IncrementSource } from "./increment-queries.ts";

/** What of a comparison says why work items are new. */
export interface NewCauseFacts extends Pick<IncrementSource, "feature"> {
  /** The target's table as it was compared; undefined where it was never written. */
  readonly target: PhysicalTable | undefined;
  readonly emptyParents: PhysicalTable | undefined;
  /** Whether filters may hide stored rows. */
  readonly isTargetFiltered: boolean;
  /** Whether all expected work items are new since the caller wanted that. */
  readonly isComparisonSkipped: boolean;
}

/**
 * SQL of why a new work item is new, over its grain columns.
 *
 * It looks for stored rows of the work items only where the table has rows that could be theirs, of another version or
 * deleted. So it costs nothing where all stored rows are current, as after a night with new samples.
 */
export async function newCause(session: EngineSession, facts: NewCauseFacts): Promise<string> {
  const { feature, target, emptyParents, isTargetFiltered } = facts;
  if (facts.isComparisonSkipped) return literal("skip-comparison");
  const grain = feature.plan.grain.map(quoteIdentifier).join(", ");
  const cases: string[] = [];
  const addCase = (cause: NewCause, rows: string): void => {
    cases.push(`WHEN (${grain}) IN (SELECT ${grain} FROM ${rows}) THEN ${literal(cause)}`);
  };
  if (isTargetFiltered && emptyParents !== undefined)
    addCase("filter", `(${emptyParentRows(session.dialect, feature, emptyParents)})`);
  if (target !== undefined) {
    const { hasOthers, hasDeleted } = await otherRows(session, facts, target);
    const { idColumns, columns } = feature.spec;
    const { featureVersion } = feature;
    const stored = { table: target, idColumns, featureVersion, columns, members: [], filters: [] };
    if (isTargetFiltered) addCase("filter", `(${currentRows(session.dialect, stored)})`);
    if (hasDeleted) addCase("deleted", versionLog(session.dialect, target, featureVersion, "offset"));
    if (target.otherIds !== undefined) addCase("other-ids", `${target.name} WHERE ${target.otherIds}`);
    if (hasOthers) addCase("version", `${target.name} WHERE ${isOther(facts)}`);
  }
  return cases.length === 0 ? literal("upstream") : `CASE ${cases.join(" ")} ELSE ${literal("upstream")} END`;
}

function literal(cause: NewCause): string {
  return quoteLiteral(cause);
}

function isOther({ feature }: NewCauseFacts): string {
  return `metaxy_feature_version <> ${quoteLiteral(feature.featureVersion)}`;
}

/** Whether the table has rows of other versions, and of deleted work items. */
async function otherRows(
  session: EngineSession,
  facts: NewCauseFacts,
  { name }: PhysicalTable,
): Promise<{ readonly hasOthers: boolean; readonly hasDeleted: boolean }> {
  const [found] = await session.rows(
    `SELECT EXISTS (SELECT 1 FROM ${name} WHERE ${isOther(facts)}) AS others,
       EXISTS (SELECT 1 FROM ${name} WHERE metaxy_deleted_at IS NOT NULL) AS deleted`,
  );
  return { hasOthers: found?.["others"] === true, hasDeleted: found?.["deleted"] === true };
}
