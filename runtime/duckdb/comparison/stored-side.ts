import type { AnyFeature } from "../../feature.ts";
import type { Session } from "../connection/session.ts";
import { ofVersion } from "../tables/counted-rows.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { currentRows, noRows, type RelationSpec, type Touched } from "../tables/relation.ts";
import { emptyParents } from "./empty-parents.ts";
import { grainsThatLostIds, hasMovableIds } from "./moved-ids.ts";
import type { RepeatedIds } from "./repeated-ids.ts";
import { grainIsId, storedGrains } from "./stored-grains.ts";
import { storeTouchedRows } from "./touched-rows.ts";

/** The stored side of a comparison, as SQL. */
export interface StoredSide {
  /** The target's current rows. */
  readonly rows: string;
  /** One row per grain, markers of empty parents among them. */
  readonly grains: string;
  /** What of the target's log was put aside for a comparison of touched grains. */
  readonly near: PhysicalTable | undefined;
}

/** The tables of a target as they lie in the store, undefined where they were never written. */
export interface TargetTables {
  readonly table: PhysicalTable | undefined;
  /** Markers of empty parents. */
  readonly markers: PhysicalTable | undefined;
}

/** How the stored side is looked at. */
export interface StoredLook {
  readonly filters: readonly string[];
  readonly staleIf: readonly string[];
  /** The touched grains, where they alone are compared. */
  readonly touched: Touched | undefined;
  /** Undefined where nothing will be compared. */
  readonly repeated: RepeatedIds | undefined;
}

/** Whether anything is stored under the current feature version. */
export async function holdsAny(
  session: Session,
  { featureVersion }: AnyFeature,
  { table, markers }: TargetTables,
): Promise<boolean> {
  for (const stored of [table, markers]) {
    if (stored === undefined) continue;
    const found = await session.rows(
      `SELECT 1 FROM ${stored.name} WHERE ${ofVersion(stored, featureVersion)} LIMIT 1`,
    );
    if (found.length > 0) return true;
  }
  return false;
}

/** What is stored of the target, of the touched grains or of all; undefined where nothing ever was. */
export async function storedSide(
  session: Session,
  feature: AnyFeature,
  { table, markers }: TargetTables,
  { filters, staleIf, touched, repeated }: StoredLook,
): Promise<StoredSide | undefined> {
  if (table === undefined && markers === undefined) return undefined;
  const spec = {
    idColumns: feature.spec.idColumns,
    featureVersion: feature.featureVersion,
    columns: feature.spec.columns,
    members: Object.keys(feature.plan.members),
    filters,
    ...(touched === undefined ? {} : { touched }),
    ...(hasMovableIds(feature) ? { systemColumns: ["metaxy_updated_at"] } : {}),
  };
  const marked = markers === undefined ? undefined : emptyParents(feature, markers, filters, touched);
  const side = (rows: string, compared: string, near: PhysicalTable | undefined, lost?: string) => ({
    rows,
    grains: storedGrains(feature, `(${compared})`, staleIf, marked, lost),
    near,
  });
  if (table === undefined) return side(noRows(spec), noRows(spec), undefined);
  if (touched === undefined || repeated === undefined || !grainIsId(feature)) {
    const found = await repeated?.of({ ...spec, table });
    const rows = currentRows({ ...spec, table, repeated: found });
    const lost = hasMovableIds(feature) ? grainsThatLostIds(feature, { ...spec, table }, found) : undefined;
    return side(rows, rows, undefined, lost);
  }
  const near = await storeTouchedRows(session, feature, table, touched);
  const { touched: _, ...all } = spec;
  const nearSpec = { ...all, ...ofNear(feature), table: near };
  const compared = currentRows({ ...nearSpec, repeated: await repeated.of(nearSpec) });
  return side(currentRows({ ...spec, table }), compared, near);
}

function ofNear({ spec }: AnyFeature): Pick<RelationSpec, "columns" | "provenanceOnly" | "isOfVersion"> {
  const columns = Object.fromEntries(spec.idColumns.map((id) => [id, spec.columns[id] ?? "VARCHAR"]));
  return { columns, provenanceOnly: true, isOfVersion: true };
}
