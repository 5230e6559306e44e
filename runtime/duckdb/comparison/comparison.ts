import type { AnyFeature } from "../../feature.ts";
import { quoteName, quoteText } from "../../sql-text.ts";
import { structType, typeSql } from "../tables/relation.ts";
import type { ExpectedRows } from "./expected-rows.ts";

/** Name of the temporary table that holds the grains of an increment. One increment has a session of its own. */
export const grainsTable = "stemma_increment";

/** SQL of all expected grains, which are new where nothing is stored. */
function allNew(expected: ExpectedRows): string {
  const ctes = new Map([...expected.ctes, ["stemma_expected", expected.grains]]);
  return `${withCtes(ctes)}SELECT *, 'new' AS stemma_set, ${noFields} AS metaxy_changed_fields FROM stemma_expected`;
}

/**
 * The statement in place of a comparison where nothing is stored: a view of the grains.
 *
 * To count them takes no hash. {@link settleGrains} makes the table of them.
 */
export function newGrains(expected: ExpectedRows): string {
  return `CREATE TEMP VIEW ${grainsTable} AS ${allNew(expected)}`;
}

/** Makes a table of a view of grains, so that they are not computed each time that they are asked for. */
export const settleGrains: string = `CREATE OR REPLACE TEMP TABLE stemma_settled AS FROM ${grainsTable};
  DROP VIEW ${grainsTable};
  ALTER TABLE stemma_settled RENAME TO ${grainsTable}`;

/**
 * The one statement that compares: a table of the grains that are new, stale or orphaned, with their versions.
 *
 * Without a stored side, all expected grains are new.
 */
export function comparison(feature: AnyFeature, expected: ExpectedRows, stored: string | undefined): string {
  if (stored === undefined) return `CREATE TEMP TABLE ${grainsTable} AS ${allNew(expected)}`;
  const ctes = new Map([...expected.ctes, ["stemma_expected", expected.grains]]);
  ctes.set("stemma_stored", stored);
  const [first = ""] = feature.plan.grain;
  const expectedThere = `e.${quoteName(first)} IS NOT NULL`;
  const storedThere = `s.${quoteName(first)} IS NOT NULL`;
  const grain = feature.plan.grain.map(quoteName);
  return `CREATE TEMP TABLE ${grainsTable} AS ${withCtes(ctes)}
     SELECT ${grain.map((column) => `coalesce(e.${column}, s.${column}) AS ${column}`).join(", ")},
       e.stemma_rows, e.stemma_ambiguous,
       coalesce(e.metaxy_provenance_by_field, s.metaxy_provenance_by_field) AS metaxy_provenance_by_field,
       coalesce(e.metaxy_provenance, s.metaxy_provenance) AS metaxy_provenance,
       CASE WHEN NOT (${storedThere}) THEN 'new' WHEN NOT (${expectedThere}) THEN 'orphaned' ELSE 'stale' END AS stemma_set,
       ${changedFields(feature)} AS metaxy_changed_fields
     FROM stemma_expected AS e
     FULL JOIN stemma_stored AS s ON ${grain.map((column) => `e.${column} = s.${column}`).join(" AND ")}
     WHERE NOT (${expectedThere}) OR NOT (${storedThere}) OR e.stemma_ambiguous OR s.stemma_singled_out
       OR e.metaxy_provenance IS DISTINCT FROM s.metaxy_provenance`;
}

/** The statement in place of a comparison where it is known that nothing differs. */
export function noGrains({ plan, spec }: AnyFeature): string {
  const grain = plan.grain.map(
    (column) => `${quoteName(column)} ${typeSql(spec.columns[column] ?? "VARCHAR")}`,
  );
  return `CREATE TEMP TABLE ${grainsTable} (${grain.join(", ")}, stemma_rows BIGINT, stemma_ambiguous BOOLEAN,
    metaxy_provenance_by_field ${structType(Object.keys(plan.members))}, metaxy_provenance VARCHAR,
    stemma_set VARCHAR, metaxy_changed_fields VARCHAR[])`;
}

const noFields = "[]::VARCHAR[]";

/** Keys of the fields whose provenance differs, in the order of the struct. */
function changedFields(feature: AnyFeature): string {
  const fields = Object.entries(feature.plan.members).map(([member, field]) => {
    const version = `metaxy_provenance_by_field.${quoteName(member)}`;
    return `CASE WHEN e.${version} IS DISTINCT FROM s.${version} THEN ${quoteText(field)} END`;
  });
  return `list_filter([${fields.join(", ")}], lambda field: field IS NOT NULL)`;
}

/** A WITH clause. */
export function withCtes(ctes: ReadonlyMap<string, string>): string {
  if (ctes.size === 0) return "";
  return `WITH ${[...ctes].map(([name, sql]) => `${quoteName(name)} AS (${sql})`).join(", ")} `;
}
