import { type ColumnType, parseColumn } from "../../column-type.ts";
import type { AnyFeature } from "../../feature.ts";
import type { ReadColumn } from "../reading/block-rows.ts";
import { decoderOf } from "./decode-value.ts";

/** Decoders of user columns. */
export function readColumns(columns: { readonly [column: string]: string }): ReadColumn[] {
  return Object.entries(columns).map(([name, text]) => ({ name, decode: decoderOf(parseColumn(text).type) }));
}

/** Decoders of the computed version columns. */
export function readVersionColumns(feature: AnyFeature): ReadColumn[] {
  const byField = decoderOf(byFieldType(Object.keys(feature.plan.members)));
  const text = decoderOf({ kind: "scalar", name: "VARCHAR" });
  return [
    { name: "metaxy_provenance_by_field", decode: byField },
    { name: "metaxy_provenance", decode: text },
    { name: "metaxy_data_version_by_field", decode: byField },
    { name: "metaxy_data_version", decode: text },
  ];
}

/** The type of a by-field column. */
export function byFieldType(members: readonly string[]): ColumnType {
  return {
    kind: "struct",
    members: members.map((name) => ({ name, type: { kind: "scalar", name: "VARCHAR" } })),
  };
}
