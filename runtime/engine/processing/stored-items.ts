import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import { countStored } from "../resolve/count-stored.ts";
import type { AnyResolveOptions } from "../resolve/resolve-options.ts";
import { emptyParentsSchema } from "../tables/empty-parents.ts";
import { readableTable } from "../tables/feature-tables.ts";
import { currentRows } from "../tables/relation.ts";
import { sameGrain, workItemsTable } from "../tables/work-items.ts";

/** Counts the work items that are stored under the current version and that the filters of a resolve see. */
export async function countStoredItems(
  session: EngineSession,
  feature: AnyFeature,
  options: AnyResolveOptions,
): Promise<number> {
  const { spec, featureVersion } = feature;
  const readable = await readableTable(session, feature, { featureVersion, idColumns: spec.idColumns });
  const schema = await emptyParentsSchema(session, feature);
  const emptyParents = schema === undefined ? undefined : { ...schema, offset: 0n };
  const tables = { table: readable?.table, emptyParents };
  return countStored(session, feature, tables, options, new BindParameters());
}

/** Keys of the fields whose provenance in an increment differs from that of the rows under a version. */
export async function movedFields(
  session: EngineSession,
  feature: AnyFeature,
  featureVersion: string,
): Promise<readonly string[]> {
  const { dialect } = session;
  const { idColumns, columns } = feature.spec;
  const members = Object.keys(feature.plan.fieldMembers);
  const readable = await readableTable(session, feature, { featureVersion, idColumns });
  if (readable === undefined) return [];
  const { table } = readable;
  const stored = currentRows(dialect, { table, idColumns, featureVersion, columns, members, filters: [] });
  const differs = members.map((member, index) => {
    const of = (side: string) => dialect.values.member(`${side}.metaxy_provenance_by_field`, member);
    return `${dialect.anyTrue(`${of("e")} IS DISTINCT FROM ${of("s")}`)} AS ${quoteIdentifier(`f${index}`)}`;
  });
  const [found] = await session.rows(
    `SELECT ${differs.join(", ")} FROM ${workItemsTable} AS e JOIN (${stored}) AS s ON ${sameGrain(feature, "e", "s")}
     WHERE e.stemma_set <> 'orphaned'`,
  );
  return members.flatMap((member, index) =>
    found?.[`f${index}`] === true ? [feature.plan.fieldMembers[member] ?? member] : [],
  );
}
