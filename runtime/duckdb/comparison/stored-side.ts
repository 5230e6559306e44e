import type { AnyFeature } from "../../feature.ts";
import { quoteText } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import type { PhysicalTable, TableShape } from "../tables/physical-table.ts";
import { currentRows, noRows, type RelationSpec, type Touched } from "../tables/relation.ts";
import { emptyParents } from "./empty-parents.ts";
import { storedGrains } from "./stored-grains.ts";

/** The stored side of a comparison, as SQL. */
export interface StoredSide {
  /** The target's current rows. */
  readonly rows: string;
  /** One row per grain, markers of empty parents among them. */
  readonly grains: string;
}

/** The tables of a target as they lie in the store, undefined where they were never written. */
export interface TargetTables {
  readonly table: PhysicalTable | undefined;
  /** Markers of empty parents. */
  readonly markers: TableShape | undefined;
  /** What of the table's log was put aside for a comparison of touched grains. */
  readonly near: PhysicalTable | undefined;
}

/** Whether anything is stored under the current feature version. */
export async function holdsAny(
  session: Session,
  { featureVersion }: AnyFeature,
  { table, markers }: Pick<TargetTables, "table" | "markers">,
): Promise<boolean> {
  for (const shape of [table, markers]) {
    if (shape === undefined) continue;
    const found = await session.rows(
      `SELECT 1 FROM ${shape.name} WHERE metaxy_feature_version = ${quoteText(featureVersion)} LIMIT 1`,
    );
    if (found.length > 0) return true;
  }
  return false;
}

/** What is stored of the target, of the touched grains or of all; undefined where nothing ever was. */
export function storedSide(
  feature: AnyFeature,
  { table, markers, near }: TargetTables,
  filters: readonly string[],
  staleIf: readonly string[],
  touched: Touched | undefined,
): StoredSide | undefined {
  if (table === undefined && markers === undefined) return undefined;
  const all = {
    idColumns: feature.spec.idColumns,
    featureVersion: feature.featureVersion,
    columns: feature.spec.columns,
    members: Object.keys(feature.plan.members),
    filters,
  };
  const spec = touched === undefined ? all : { ...all, touched };
  const rows = table === undefined ? noRows(spec) : currentRows({ ...spec, table });
  const compared = near === undefined ? rows : currentRows({ ...all, ...ofNear(feature), table: near });
  const marked = markers === undefined ? undefined : emptyParents(feature, markers, filters, touched);
  return { rows, grains: storedGrains(feature, `(${compared})`, staleIf, marked) };
}

function ofNear({ spec }: AnyFeature): Pick<RelationSpec, "columns" | "provenanceOnly" | "isOfVersion"> {
  const columns = Object.fromEntries(spec.idColumns.map((id) => [id, spec.columns[id] ?? "VARCHAR"]));
  return { columns, provenanceOnly: true, isOfVersion: true };
}
