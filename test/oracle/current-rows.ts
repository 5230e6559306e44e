import { byCodePoint } from "./code-point-order.ts";
import type { FeatureDefinition } from "./definitions.ts";
import { groupBy, keyOf, type Row } from "./row.ts";

/** Rows of the current feature version, the latest per id, without the deleted ones. Columns the table lacks are null. */
export function currentRows(feature: FeatureDefinition, table: readonly Row[]): Row[] {
  const ofVersion = table.filter((row) => row["metaxy_feature_version"] === feature.featureVersion);
  const ofSample = groupBy(ofVersion, (row) => keyOf(row, feature.idColumns));
  return [...ofSample.values()]
    .map(latest)
    .filter((row) => (row["metaxy_deleted_at"] ?? null) === null)
    .map((row) => withDeclaredColumns(feature, row));
}

function latest(rows: readonly Row[]): Row {
  return rows.reduce((best, row) => (byCodePoint(momentOf(row), momentOf(best)) > 0 ? row : best));
}

function momentOf(row: Row): string {
  return String(row["metaxy_deleted_at"] ?? row["metaxy_updated_at"] ?? "");
}

function withDeclaredColumns(feature: FeatureDefinition, row: Row): Row {
  const missing = Object.keys(feature.spec.properties).map((column) => [column, null]);
  return { ...Object.fromEntries(missing), ...row };
}
