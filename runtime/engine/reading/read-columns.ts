import type { ColumnType } from "../../columns/column-type.ts";
import { type ColumnTexts, parsedColumns } from "../../columns/parsed-columns.ts";
import type { AnyFeature } from "../../feature.ts";
import type { ReadColumn } from "../engine.ts";

/** User columns as they are read. */
export function readColumns(columns: ColumnTexts): ReadColumn[] {
  return [...parsedColumns(columns)].map(([name, { type }]) => ({ name, type }));
}

/** The computed version columns as they are read. */
export function readVersionColumns(feature: AnyFeature): ReadColumn[] {
  const byField = byFieldType(Object.keys(feature.plan.fieldMembers));
  return [
    { name: "metaxy_provenance_by_field", type: byField },
    { name: "metaxy_provenance", type: textType },
    { name: "metaxy_data_version_by_field", type: byField },
    { name: "metaxy_data_version", type: textType },
  ];
}

/** The version columns of rows whose data version is their provenance. */
export function readProvenance(feature: AnyFeature): ReadColumn[] {
  return readVersionColumns(feature).map((column) => ({
    ...column,
    from: column.name.replace("data_version", "provenance"),
  }));
}

const textType: ColumnType = { kind: "scalar", name: "VARCHAR" };

/** The type of a by-field column. */
export function byFieldType(members: readonly string[]): ColumnType {
  return { kind: "struct", members: members.map((name) => ({ name, type: textType })) };
}
