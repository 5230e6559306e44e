import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { ofVersion } from "../tables/counted-rows.ts";
import { emptyParentRows } from "../tables/empty-parents.ts";
import { type PhysicalTable, qualifiedName } from "../tables/physical-table.ts";
import {
  type AffectedKeys,
  affectedLog,
  currentRows,
  noRows,
  type RelationSpec,
} from "../tables/relation.ts";
import { workItemsTable } from "../tables/work-items.ts";
import { hasMovableIds, itemsThatLostIds } from "./moved-ids.ts";
import type { RepeatedIds } from "./repeated-ids.ts";
import { storedItems } from "./stored-items.ts";

/** The stored side of a comparison, as SQL. */
export interface StoredSide {
  /** The target's current rows. */
  readonly rows: string;
  /** One row per work item, empty parents included. */
  readonly items: string;
  /** The part of the target's log that was copied to compare affected work items. */
  readonly targetSlice: PhysicalTable | undefined;
}

/** The tables of a target as they lie in the store, undefined where they were never written. */
export interface TargetTables {
  readonly table: PhysicalTable | undefined;
  /** Markers of empty parents. */
  readonly emptyParents: PhysicalTable | undefined;
}

/** How the stored side is read. */
export interface StoredSideOptions {
  readonly filters: readonly string[];
  readonly staleIf: readonly string[];
  /** The affected keys, where they alone are compared. */
  readonly affected: AffectedKeys | undefined;
  /** Undefined where nothing will be compared. */
  readonly repeated: RepeatedIds | undefined;
}

/** Whether anything is stored under the current feature version. */
export async function holdsAny(
  session: EngineSession,
  { featureVersion }: AnyFeature,
  { table, emptyParents }: TargetTables,
): Promise<boolean> {
  for (const stored of [table, emptyParents]) {
    if (stored === undefined) continue;
    const found = await session.rows(
      `SELECT 1 FROM ${stored.name} WHERE ${ofVersion(stored, featureVersion)} LIMIT 1`,
    );
    if (found.length > 0) return true;
  }
  return false;
}

/** What is stored of the target, of affected work items or of all; undefined if nothing ever was. */
export async function storedSide(
  session: EngineSession,
  feature: AnyFeature,
  { table, emptyParents }: TargetTables,
  { filters, staleIf, affected, repeated }: StoredSideOptions,
): Promise<StoredSide | undefined> {
  if (table === undefined && emptyParents === undefined) return undefined;
  const spec = {
    idColumns: feature.spec.idColumns,
    featureVersion: feature.featureVersion,
    columns: feature.spec.columns,
    members: Object.keys(feature.plan.fieldMembers),
    filters,
    ...(affected === undefined ? {} : { affected }),
    ...(hasMovableIds(feature) ? { systemColumns: ["metaxy_updated_at"] } : {}),
  };
  const emptyParentItems =
    emptyParents === undefined
      ? undefined
      : emptyParentRows(session.dialect, feature, emptyParents, filters, affected);
  const side = (rows: string, compared: string, targetSlice: PhysicalTable | undefined, lost?: string) => ({
    rows,
    items: storedItems(session.dialect, feature, `(${compared})`, staleIf, emptyParentItems, lost),
    targetSlice,
  });
  if (table === undefined)
    return side(noRows(session.dialect, spec), noRows(session.dialect, spec), undefined);
  if (affected === undefined || repeated === undefined || feature.plan.traits.outputs === "many") {
    const found = await repeated?.of({ ...spec, table });
    const rows = currentRows(session.dialect, { ...spec, table, repeated: found });
    const lost = hasMovableIds(feature)
      ? itemsThatLostIds(session.dialect, feature, { ...spec, table }, found)
      : undefined;
    return side(rows, rows, undefined, lost);
  }
  const targetSlice = await createTargetSlice(session, feature, table, affected);
  const { affected: _, ...all } = spec;
  const sliceSpec = { ...all, ...ofTargetSlice(feature), table: targetSlice };
  const compared = currentRows(session.dialect, { ...sliceSpec, repeated: await repeated.of(sliceSpec) });
  return side(currentRows(session.dialect, { ...spec, table }), compared, targetSlice);
}

function ofTargetSlice({
  spec,
}: AnyFeature): Pick<RelationSpec, "columns" | "provenanceOnly" | "isOfVersion"> {
  const columns = Object.fromEntries(spec.idColumns.map((id) => [id, spec.columns[id] ?? "VARCHAR"]));
  return { columns, provenanceOnly: true, isOfVersion: true };
}

/** What a comparison and a write need to know of stored rows. */
const sliceColumns = [
  "metaxy_provenance_by_field",
  "metaxy_provenance",
  "metaxy_created_at",
  "metaxy_updated_at",
  "metaxy_deleted_at",
] as const;

/**
 * Copies the target's log of the affected work items into a temporary table, so that it is scanned once: for the comparison,
 * and again when outputs are written. An increment has a session of its own.
 */
async function createTargetSlice(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  affected: AffectedKeys,
): Promise<PhysicalTable> {
  const { spec, featureVersion } = feature;
  const columns = [...spec.idColumns, ...sliceColumns];
  const log = affectedLog(session.dialect, { table, idColumns: spec.idColumns, featureVersion }, affected);
  const { dialect } = session;
  const slice = `SELECT ${dialect.log.carried}, ${columns.map(quoteIdentifier).join(", ")} FROM (${log})`;
  await session.run(dialect.createTemp("stemma_stored", slice));
  return {
    name: dialect.tempName("stemma_stored"),
    stored: table.stored,
    columns: new Map([...table.columns].filter(([column]) => columns.includes(column))),
    offset: table.offset,
    hasOffsets: true,
  };
}

/**
 * SQL of the ids of all stored rows that work items of the increment may have, and of the times of their creation.
 *
 * `targetSlice` holds the target's rows of affected keys; `none` says that it has no rows of the version. Undefined
 * where a work item does not determine its ids, and where later rows cannot be told from earlier ones: a write then
 * reads all of them.
 */
export function createdTimes(
  dialect: Dialect,
  feature: AnyFeature,
  target: PhysicalTable | undefined,
  targetSlice: PhysicalTable | "none" | undefined,
  hasStableRowIds: boolean,
): string | undefined {
  if (feature.plan.traits.outputs === "many" || !hasStableRowIds) return undefined;
  const ids = feature.spec.idColumns.map(quoteIdentifier).join(", ");
  const times = `SELECT ${ids}, metaxy_created_at FROM`;
  const isOfVersion = ofVersion(target ?? {}, feature.featureVersion);
  const since = `${times} ${qualifiedName(feature.table)} WHERE ${isOfVersion} AND ${dialect.log.since(target?.offset ?? 0n)}`;
  if (target === undefined || targetSlice === "none") return since;
  const before =
    targetSlice === undefined
      ? `${target.name} WHERE ${isOfVersion} AND ${dialect.log.before(target.offset)} AND (${ids}) IN (SELECT ${ids} FROM ${workItemsTable})`
      : targetSlice.name;
  return `${since} UNION ALL ${times} ${before}`;
}
