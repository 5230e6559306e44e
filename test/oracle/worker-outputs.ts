import { createHash } from "node:crypto";
import { valueFor } from "./arbitrary-values.ts";
import type { FeatureDefinition } from "./definitions.ts";
import { isExpansion } from "./join-columns.ts";
import { groupBy, keyOf, type Row } from "./row.ts";

/** How a pretended worker answers. Equal seeds give equal answers. */
export interface OutputStyle {
  readonly seed: number;
  /** Whether some of the rows bear data versions of their own. */
  readonly ownDataVersions: boolean;
}

/**
 * Rows of the feature that answer rows of an increment, one per unit of work; for an expansion one to three per
 * parent; where ids are the feature's own, one or two. They bear the provenance of the increment.
 */
export function outputsFor(
  feature: FeatureDefinition,
  rows: readonly Row[],
  grain: readonly string[],
  style: OutputStyle,
): Row[] {
  return [...groupBy(rows, (row) => keyOf(row, grain))].flatMap(([key, [first]]) =>
    first === undefined ? [] : outputsForOne(feature, first, key, grain, style),
  );
}

function outputsForOne(
  feature: FeatureDefinition,
  row: Row,
  key: string,
  grain: readonly string[],
  style: OutputStyle,
): Row[] {
  const ownIds = feature.idColumns.filter((column) => !grain.includes(column));
  const count = isExpansion(feature)
    ? 1 + (digest(style.seed, key) % 3)
    : ownIds.length > 0
      ? 1 + (digest(key) % 2)
      : 1;
  return Array.from({ length: count }, (_, index) => ({
    ...ownValues(feature, row, digest(style.seed, key, index)),
    ...Object.fromEntries(ownIds.map((column) => [column, ownId(feature, column, digest(key) * 10 + index)])),
    metaxy_provenance_by_field: row["metaxy_provenance_by_field"],
    ...dataVersions(feature, style, digest(style.seed, key)),
  }));
}

function ownId(feature: FeatureDefinition, column: string, value: number): unknown {
  return feature.spec.properties[column]?.type === "string" ? String(value) : value;
}

/** The declared columns: those that arrive as they are, the others made up. */
function ownValues(feature: FeatureDefinition, row: Row, choice: number): Row {
  return Object.fromEntries(
    Object.entries(feature.spec.properties).map(([column, schema]) => [
      column,
      column in row && (row[column] !== null || Array.isArray(schema.type))
        ? row[column]
        : valueFor(column, schema, digest(choice, column)),
    ]),
  );
}

function dataVersions(feature: FeatureDefinition, style: OutputStyle, choice: number): Row {
  if (!style.ownDataVersions || choice % 3 === 0) return {};
  const versions = feature.fields.map(({ member }) => [member, `content ${digest(choice, member) % 3}`]);
  return { metaxy_data_version_by_field: Object.fromEntries(versions) };
}

/** A number below 2^40 that looks random. */
export function digest(...parts: readonly (string | number)[]): number {
  return Number.parseInt(createHash("md5").update(JSON.stringify(parts)).digest("hex").slice(0, 10), 16);
}
