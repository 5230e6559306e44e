import { parsedColumns } from "../../columns/parsed-columns.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { byFieldColumns } from "../tables/system-columns.ts";

/** What rows that come in may and must hold. */
export interface StagingSchema {
  /** Feature key, for messages. */
  readonly feature: string;
  /** Declared columns and their types. */
  readonly columns: { readonly [column: string]: string };
  /** Struct members of the by-field columns. */
  readonly members: readonly string[];
  /** Columns by which messages name a row. */
  readonly ids?: readonly string[];
  /** Columns that files and queries may have besides, and that are left out. */
  readonly ignored?: readonly string[];
}

/** Computed columns that rows of an increment or of another table bring along; a write makes them anew. */
export const computedColumns: ReadonlySet<string> = new Set([
  "metaxy_provenance",
  "metaxy_data_version",
  "metaxy_changed_fields",
  "metaxy_cause",
  "metaxy_feature_version",
  "metaxy_project_version",
  "metaxy_created_at",
  "metaxy_updated_at",
  "metaxy_deleted_at",
  "metaxy_materialization_id",
]);

/** Refuses columns of a query or file that are not declared, so that a typo never drops data. */
export function assertDeclared(
  names: readonly string[],
  { feature, columns, ignored = [] }: StagingSchema,
  what: string,
  hint = "",
): void {
  const known = new Set([...Object.keys(columns), ...byFieldColumns, ...computedColumns, ...ignored]);
  const undeclared = names.find((name) => !known.has(name));
  if (undeclared === undefined) return;
  throw new InputError(
    "undeclared-column",
    `${what} ${JSON.stringify(undeclared)}, which its spec does not declare. Declared: ${Object.keys(columns).join(", ")}.${hint}`,
    { feature, column: undeclared },
  );
}

/** What rows of a feature may hold. */
export function stagingSchemaOf({ key, spec, plan }: AnyFeature): StagingSchema {
  return {
    feature: key,
    columns: spec.columns,
    members: Object.keys(plan.fieldMembers),
    ids: spec.idColumns,
  };
}

/** Declared columns that are never null. */
export function requiredColumns({ spec }: AnyFeature): string[] {
  return [...parsedColumns(spec.columns)].filter(([, { nullable }]) => !nullable).map(([column]) => column);
}
