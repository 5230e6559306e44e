import { byCodePoint } from "./code-point-order.ts";
import { currentRows } from "./current-rows.ts";
import type { Definitions, FeatureDefinition } from "./definitions.ts";
import { grainColumns, isExpansion } from "./join-columns.ts";
import { keyOf, type Row } from "./row.ts";
import { sampleVersion, type VersionsByField } from "./sample-versions.ts";

/** What may befall stored rows, by another hand than the store's. */
export type RowChange = "deleted" | "without provenance" | "with an outdated field";

/** What a store holds after writes, as plain rows. */
export class ModelStore {
  readonly tables: Record<string, Row[]> = {};
  readonly emptyParents: Record<string, Row[]> = {};
  #clock = 0;

  /** Current rows of a feature. */
  current(feature: FeatureDefinition): Row[] {
    return currentRows(feature, this.tables[feature.key] ?? []);
  }

  /** Writes rows that bear `metaxy_provenance_by_field`, and maybe data versions of their own. */
  write(
    feature: FeatureDefinition,
    rows: readonly Row[],
    definitions: Definitions,
    hashLength: number,
  ): void {
    const written = rows.map((row) => stamped(feature, row, hashLength));
    this.#append(feature, written, "metaxy_updated_at");
    if (!isExpansion(feature)) return;
    const grain = grainColumns(feature, definitions);
    const provenances = new Map(written.map((row) => [keyOf(row, grain), row["metaxy_provenance"]]));
    const outdated = this.current(feature).filter((row) => {
      const key = keyOf(row, grain);
      return provenances.has(key) && row["metaxy_provenance"] !== provenances.get(key);
    });
    this.repeatRows(feature, outdated, "deleted");
    this.#removeEmptyParents(feature, written, grain);
  }

  /**
   * Marks parents, given as rows of an increment, as processed and empty. Children that they had are gone. From then
   * on the feature has a table: it has run.
   */
  markEmpty(feature: FeatureDefinition, parents: readonly Row[], definitions: Definitions): void {
    const grain = grainColumns(feature, definitions);
    const keys = new Set(parents.map((parent) => keyOf(parent, grain)));
    this.repeatRows(
      feature,
      this.current(feature).filter((row) => keys.has(keyOf(row, grain))),
      "deleted",
    );
    this.#removeEmptyParents(feature, parents, grain);
    this.tables[feature.key] ??= [];
    const emptyParentRows = parents.map((parent) => ({
      ...Object.fromEntries(grain.map((column) => [column, parent[column]])),
      metaxy_provenance_by_field: parent["metaxy_provenance_by_field"],
      metaxy_provenance: parent["metaxy_provenance"],
      metaxy_feature_version: feature.featureVersion,
    }));
    this.emptyParents[feature.key] = [...(this.emptyParents[feature.key] ?? []), ...emptyParentRows];
  }

  /** Adds changed copies of current rows. */
  repeatRows(feature: FeatureDefinition, rows: readonly Row[], change: RowChange): void {
    if (rows.length === 0) return;
    const copies = rows.map((row) => changedCopy(feature, row, change));
    this.#append(feature, copies, change === "deleted" ? "metaxy_deleted_at" : "metaxy_updated_at");
  }

  #append(feature: FeatureDefinition, rows: readonly Row[], momentColumn: string): void {
    this.#clock += 1;
    const moment = new Date(this.#clock).toISOString();
    const timed = rows.map((row) => ({ ...row, [momentColumn]: moment }));
    this.tables[feature.key] = [...(this.tables[feature.key] ?? []), ...timed];
  }

  #removeEmptyParents(feature: FeatureDefinition, parents: readonly Row[], grain: readonly string[]): void {
    const keys = new Set(parents.map((parent) => keyOf(parent, grain)));
    this.emptyParents[feature.key] = (this.emptyParents[feature.key] ?? []).filter(
      (emptyParent) =>
        emptyParent["metaxy_feature_version"] !== feature.featureVersion ||
        !keys.has(keyOf(emptyParent, grain)),
    );
  }
}

function changedCopy(feature: FeatureDefinition, row: Row, change: RowChange): Row {
  switch (change) {
    case "deleted":
      return row;
    case "without provenance":
      return { ...row, metaxy_provenance: null };
    case "with an outdated field": {
      const [member = ""] = feature.fields.map((field) => field.member).toSorted(byCodePoint);
      const byField = { ...(row["metaxy_provenance_by_field"] as VersionsByField), [member]: "outdated" };
      return { ...row, metaxy_provenance: "outdated", metaxy_provenance_by_field: byField };
    }
  }
}

function stamped(feature: FeatureDefinition, row: Row, hashLength: number): Row {
  const provenance = row["metaxy_provenance_by_field"] as VersionsByField;
  const dataVersion = (row["metaxy_data_version_by_field"] as VersionsByField | undefined) ?? provenance;
  const columns = Object.keys(feature.spec.properties).map((column) => [column, row[column] ?? null]);
  return {
    ...Object.fromEntries(columns),
    metaxy_provenance_by_field: provenance,
    metaxy_provenance: sampleVersion(feature, provenance, hashLength),
    metaxy_data_version_by_field: dataVersion,
    metaxy_data_version: sampleVersion(feature, dataVersion, hashLength),
    metaxy_feature_version: feature.featureVersion,
    metaxy_deleted_at: null,
  };
}
