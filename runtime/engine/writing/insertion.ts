import { isMap } from "../../columns/stored-type.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import { sampleHash } from "../resolve/expected-items.ts";
import { ofVersion } from "../tables/counted-rows.ts";
import { misfitsOf } from "../tables/misfits.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";

/** What an insertion is made of. */
export interface InsertionFacts {
  readonly feature: AnyFeature;
  readonly table: PhysicalTable;
  /** SQL of the rows: declared columns, the two by-field structs and `metaxy_provenance`. */
  readonly rows: string;
  /** SQL of the ids of stored rows and `metaxy_created_at`; all of the table's where undefined. */
  readonly created: string | undefined;
  /** Whether the rows have a `metaxy_created_at` of their own, which is kept. */
  readonly keepsCreated: boolean;
  /** SQL of the time of the write. */
  readonly time: string;
  readonly projectVersion: string | undefined;
  readonly materializationId: string | undefined;
}

/** SQL that appends rows with their system columns. */
export function insertion(dialect: Dialect, facts: InsertionFacts): string {
  const { nullOf, scalars } = dialect.values;
  const { feature, table, rows, time } = facts;
  const fits = new Map(misfitsOf(dialect, table, feature.spec).map(({ column, fit }) => [column, fit]));
  const columns = Object.keys(feature.spec.columns).map((column) => {
    const value = `r.${quoteIdentifier(column)}`;
    return `${fits.get(column)?.write(value) ?? value} AS ${quoteIdentifier(column)}`;
  });
  const dataVersions = "coalesce(r.metaxy_data_version_by_field, r.metaxy_provenance_by_field)";
  const optionalText = (value: string | undefined) =>
    value === undefined ? nullOf(scalars.VARCHAR.type) : quoteLiteral(value);
  return dialect.insertByName(
    table.stored,
    `SELECT ${columns.join(", ")},
      ${byFieldValue(dialect, facts, "metaxy_provenance_by_field", "r.metaxy_provenance_by_field")} AS metaxy_provenance_by_field,
      r.metaxy_provenance,
      ${byFieldValue(dialect, facts, "metaxy_data_version_by_field", dataVersions)} AS metaxy_data_version_by_field,
      CASE WHEN r.metaxy_data_version_by_field IS NULL THEN r.metaxy_provenance
        ELSE ${sampleHash(dialect, feature.plan.fieldMembers, "r.metaxy_data_version_by_field")} END AS metaxy_data_version,
      ${quoteLiteral(feature.featureVersion)} AS metaxy_feature_version,
      ${optionalText(facts.projectVersion)} AS metaxy_project_version,
      ${createdSql(facts)} AS metaxy_created_at,
      ${time} AS metaxy_updated_at,
      ${nullOf(scalars.TIMESTAMPTZ.type)} AS metaxy_deleted_at,
      ${optionalText(facts.materializationId)} AS metaxy_materialization_id
    FROM (${rows}) AS r${isJoined(facts) ? joinCreated(facts) : ""}`,
  );
}

function createdSql(facts: InsertionFacts): string {
  const { time, keepsCreated } = facts;
  if (keepsCreated) return `coalesce(r.metaxy_created_at, ${time})`;
  return isJoined(facts) ? `coalesce(s.metaxy_created_at, ${time})` : time;
}

/** Whether the times of creation come from stored rows. */
function isJoined({ table, keepsCreated }: InsertionFacts): boolean {
  return table.offset !== 0n && !keepsCreated;
}

/** Joins the time at which a sample was first written under this feature version. */
function joinCreated({ feature, table, rows, created }: InsertionFacts): string {
  const ids = feature.spec.idColumns.map(quoteIdentifier);
  const names = ids.join(", ");
  const stored =
    created ??
    `SELECT ${names}, metaxy_created_at FROM ${table.name}
     WHERE ${ofVersion(table, feature.featureVersion)} AND (${names}) IN (SELECT ${names} FROM (${rows}))`;
  return `
    LEFT JOIN (SELECT ${names}, min(metaxy_created_at) AS metaxy_created_at FROM (${stored}) GROUP BY ${names}) AS s
      ON ${ids.map((id) => `r.${id} = s.${id}`).join(" AND ")}`;
}

/** A by-field value in the form that the table stores: a struct, or the map of the Python system. */
function byFieldValue(
  { values }: Dialect,
  { table, feature }: InsertionFacts,
  column: string,
  struct: string,
): string {
  if (!isMap(table.columns.get(column))) return struct;
  const members = Object.keys(feature.plan.fieldMembers);
  return values.mapOf(
    values.list(members.map(quoteLiteral)),
    values.list(members.map((member) => values.member(struct, member))),
  );
}
