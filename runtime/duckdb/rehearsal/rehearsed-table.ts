import { parseColumn } from "../../column-type.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName, quoteText } from "../../sql-text.ts";
import { isExpansion, markerTable } from "../comparison/empty-parents.ts";
import { counted } from "../tables/counted-rows.ts";
import { featureTable } from "../tables/feature-tables.ts";
import { readIdSpans, wasLastWrittenUnderOtherIds } from "../tables/id-columns.ts";
import { numberedRows, type PhysicalTable } from "../tables/physical-table.ts";
import { currentRows, noRows, type RelationSpec } from "../tables/relation.ts";
import { declaredTypeSql } from "../tables/stored-type.ts";
import { systemColumns, versionColumns } from "../tables/system-columns.ts";
import { copyMarkers } from "./parent-markers.ts";
import type { RehearsedFeature } from "./rehearsed-feature.ts";
import type { Stage } from "./stage.ts";
import { unseenColumn } from "./unseen-column.ts";

/** The table of a feature in the store. */
export interface StoredTable {
  /** The table under its full name; its rows of a version that count, without those that were written under other ids. */
  readonly under: (featureVersion: string) => PhysicalTable;
  /** Whether we wrote a version last under other ids than the spec's, so that its rows tell no samples. */
  readonly hasOtherIds: (featureVersion: string) => boolean;
}

/** The table of a feature in the store; undefined where it was never written. */
export async function storedTable(store: Stage, feature: AnyFeature): Promise<StoredTable | undefined> {
  return store.within(feature, async (session) => {
    const found = await featureTable(session, feature, store.nameOf(feature.table));
    if (found === undefined) return undefined;
    const { table, spec } = feature;
    const stored = numberedRows(found);
    const spans = await readIdSpans(session, [table]);
    const rowsOf = (featureVersion: string) => ({ table, featureVersion, idColumns: spec.idColumns });
    return {
      // Rows without an id are left out where rows are read.
      under: (version) => ({ ...stored, ...counted(rowsOf(version), 0, spans, stored) }),
      hasOtherIds: (version) => wasLastWrittenUnderOtherIds(spans, rowsOf(version), stored),
    };
  });
}

/** Makes the table of a feature in the rehearsal, with the rows that are current in the store. */
export async function copyCurrentRows(
  store: Stage,
  rehearsal: Stage,
  rehearsed: RehearsedFeature,
  stored: StoredTable | undefined,
): Promise<void> {
  const { feature } = rehearsed;
  await rehearsal.within(feature, async (session) => {
    const rows = rehearsedRows(rehearsed, stored, feature.featureVersion);
    await session.run(`CREATE TABLE ${rehearsal.nameOf(feature.table)} AS ${rows}`);
  });
  if (isExpansion(feature)) await copyMarkers(store, rehearsal, feature);
}

/** Takes the table of a feature away, once nobody looks at it any more. */
export async function dropRehearsed(rehearsal: Stage, feature: AnyFeature): Promise<void> {
  await rehearsal.within(feature, async (session) => {
    for (const table of [feature.table, markerTable(feature)])
      await session.run(`DROP TABLE IF EXISTS ${rehearsal.nameOf(table)}`);
  });
}

/** SQL of rows that are stored under a version, as the table of the rehearsal takes them: under the current one. */
export function rehearsedRows(
  { feature, keep, blocked = {} }: RehearsedFeature,
  stored: StoredTable | undefined,
  featureVersion: string,
): string {
  const table = stored?.under(featureVersion);
  const { idColumns, columns } = feature.spec;
  const spec: Omit<RelationSpec, "table"> = {
    idColumns,
    featureVersion,
    columns: Object.fromEntries(keep.map((column) => [column, columns[column] ?? "VARCHAR"])),
    members: Object.keys(feature.plan.members),
    filters: idColumns.map((column) => `${quoteName(column)} IS NOT NULL`),
  };
  const nulls = Object.entries(systemColumns)
    .filter(([column]) => !known.has(column))
    .map(([column, type]) => `NULL::${type} AS ${column}`);
  const unknown = Object.entries(blocked).map(
    ([column, type]) => `NULL::${declaredTypeSql(parseColumn(type).type)} AS ${quoteName(column)}`,
  );
  const isUnseen = unknown.length > 0 ? "true" : lacksRequired(spec.columns, idColumns);
  return `SELECT *, ${quoteText(feature.featureVersion)} AS metaxy_feature_version, ${[...nulls, ...unknown].join(", ")},
      ${isUnseen} AS ${unseenColumn}
    FROM (${table === undefined ? noRows(spec) : currentRows({ ...spec, table })})`;
}

/** A row that lacks what is required now will be written again: what then stands there, nobody knows yet. */
function lacksRequired(columns: RelationSpec["columns"], ids: readonly string[]): string {
  const required = Object.entries(columns).filter(
    ([name, type]) => !ids.includes(name) && !parseColumn(type).nullable,
  );
  return required.length === 0
    ? "false"
    : required.map(([name]) => `${quoteName(name)} IS NULL`).join(" OR ");
}

const known: ReadonlySet<string> = new Set([...versionColumns, "metaxy_feature_version"]);
