import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import { structType, typeSql } from "../tables/relation.ts";
import { withCtes, workItemsTable } from "../tables/work-items.ts";
import type { ExpectedRows } from "./expected-rows.ts";

/** SQL of all expected grains, which are new where nothing is stored. */
function allNew(expected: ExpectedRows): string {
  const ctes = new Map([...expected.ctes, ["stemma_expected", expected.items]]);
  return `${withCtes(ctes)}SELECT *, 'new' AS stemma_set, ${noFields} AS metaxy_changed_fields FROM stemma_expected`;
}

/**
 * The statement in place of a comparison where nothing is stored: a view of the grains.
 *
 * To count them takes no hash. {@link materializeItems} makes the table of them.
 */
export function createNewItems(expected: ExpectedRows): string {
  return `CREATE TEMP VIEW ${workItemsTable} AS ${allNew(expected)}`;
}

/** Makes a table of a view of grains, so that they are not computed each time that they are asked for. */
export const materializeItems: string = `CREATE OR REPLACE TEMP TABLE stemma_materialized AS FROM ${workItemsTable};
  DROP VIEW ${workItemsTable};
  ALTER TABLE stemma_materialized RENAME TO ${workItemsTable}`;

/**
 * The one statement that compares: a table of the grains that are new, stale or orphaned, with their versions.
 *
 * Without a stored side, all expected grains are new.
 */
export function comparison(feature: AnyFeature, expected: ExpectedRows, stored: string | undefined): string {
  if (stored === undefined) return `CREATE TEMP TABLE ${workItemsTable} AS ${allNew(expected)}`;
  const ctes = new Map([...expected.ctes, ["stemma_expected", expected.items]]);
  ctes.set("stemma_stored", stored);
  const [first = ""] = feature.plan.grain;
  const hasExpected = `e.${quoteIdentifier(first)} IS NOT NULL`;
  const hasStored = `s.${quoteIdentifier(first)} IS NOT NULL`;
  const grain = feature.plan.grain.map(quoteIdentifier);
  return `CREATE TEMP TABLE ${workItemsTable} AS ${withCtes(ctes)}
     SELECT ${grain.map((column) => `coalesce(e.${column}, s.${column}) AS ${column}`).join(", ")},
       e.stemma_row_count, e.stemma_conflict,
       coalesce(e.metaxy_provenance_by_field, s.metaxy_provenance_by_field) AS metaxy_provenance_by_field,
       coalesce(e.metaxy_provenance, s.metaxy_provenance) AS metaxy_provenance,
       CASE WHEN NOT (${hasStored}) THEN 'new' WHEN NOT (${hasExpected}) THEN 'orphaned' ELSE 'stale' END AS stemma_set,
       ${changedFields(feature)} AS metaxy_changed_fields
     FROM stemma_expected AS e
     FULL JOIN stemma_stored AS s ON ${grain.map((column) => `e.${column} = s.${column}`).join(" AND ")}
     WHERE NOT (${hasExpected}) OR NOT (${hasStored}) OR e.stemma_conflict OR s.stemma_forced_stale
       OR e.metaxy_provenance IS DISTINCT FROM s.metaxy_provenance`;
}

/** The statement in place of a comparison where it is known that nothing differs. */
export function createNoItems({ plan, spec }: AnyFeature): string {
  const grain = plan.grain.map((column) => `${quoteIdentifier(column)} ${typeSql(spec.columns, column)}`);
  return `CREATE TEMP TABLE ${workItemsTable} (${grain.join(", ")}, stemma_row_count BIGINT, stemma_conflict BOOLEAN,
    metaxy_provenance_by_field ${structType(Object.keys(plan.fieldMembers))}, metaxy_provenance VARCHAR,
    stemma_set VARCHAR, metaxy_changed_fields VARCHAR[])`;
}

const noFields = "[]::VARCHAR[]";

/** Keys of the fields whose provenance differs, in the order of the struct. */
function changedFields(feature: AnyFeature): string {
  const fields = Object.entries(feature.plan.fieldMembers).map(([member, field]) => {
    const version = `metaxy_provenance_by_field.${quoteIdentifier(member)}`;
    return `CASE WHEN e.${version} IS DISTINCT FROM s.${version} THEN ${quoteLiteral(field)} END`;
  });
  return `list_filter([${fields.join(", ")}], lambda field: field IS NOT NULL)`;
}
