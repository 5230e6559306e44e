/** Type of a system column. A STRUCT has one VARCHAR per field. */
export type SystemType = "VARCHAR" | "TIMESTAMPTZ" | "STRUCT";

/** System columns of every feature table, as the Python system names and orders them. */
export const systemColumns: { readonly [column: string]: SystemType } = {
  metaxy_provenance_by_field: "STRUCT",
  metaxy_provenance: "VARCHAR",
  metaxy_data_version_by_field: "STRUCT",
  metaxy_data_version: "VARCHAR",
  metaxy_feature_version: "VARCHAR",
  metaxy_project_version: "VARCHAR",
  metaxy_created_at: "TIMESTAMPTZ",
  metaxy_updated_at: "TIMESTAMPTZ",
  metaxy_deleted_at: "TIMESTAMPTZ",
  metaxy_materialization_id: "VARCHAR",
};

/** The columns that hold one version per field. */
export const byFieldColumns = ["metaxy_provenance_by_field", "metaxy_data_version_by_field"] as const;

/** The computed version columns of increment rows. */
export const versionColumns = [
  "metaxy_provenance_by_field",
  "metaxy_provenance",
  "metaxy_data_version_by_field",
  "metaxy_data_version",
] as const;
