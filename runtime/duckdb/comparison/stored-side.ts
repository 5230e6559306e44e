import type { AnyFeature } from "../../feature.ts";
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

/** What is stored of the target, of the touched grains or of all; undefined where nothing ever was. */
export function storedSide(
  feature: AnyFeature,
  { table, markers, near }: TargetTables,
  filters: readonly string[],
  staleIf: readonly string[],
  touched: Touched | undefined,
): StoredSide | undefined {
  if (table === undefined && markers === undefined) return undefined;
  const spec = {
    idColumns: feature.spec.idColumns,
    featureVersion: feature.featureVersion,
    columns: feature.spec.columns,
    members: Object.keys(feature.plan.members),
    filters,
    ...(touched === undefined ? {} : { touched }),
  };
  const rows = table === undefined ? noRows(spec) : currentRows({ ...spec, table });
  const compared = near === undefined ? rows : currentRows({ ...spec, ...ofIds(feature), table: near });
  const marked = markers === undefined ? undefined : emptyParents(feature, markers, filters, touched);
  return { rows, grains: storedGrains(feature, `(${compared})`, staleIf, marked) };
}

function ofIds({ spec }: AnyFeature): Pick<RelationSpec, "columns" | "provenanceOnly"> {
  const columns = Object.fromEntries(spec.idColumns.map((id) => [id, spec.columns[id] ?? "VARCHAR"]));
  return { columns, provenanceOnly: true };
}
