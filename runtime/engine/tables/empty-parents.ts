import { memberNames } from "../../columns/stored-type.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { hasColumns } from "./misfits.ts";
import { inspectSchema, qualifiedName, type TableSchema } from "./physical-table.ts";
import { type AffectedKeys, isAffected, structType, textType, typeSql } from "./relation.ts";

/**
 * Parents of an expansion that were processed and have no children, in a table of ours for each feature.
 *
 * An empty parent is its own stored side: it has the provenance for which it holds. The Python system does not
 * know it, and sees such a parent as new.
 */
export function emptyParentsTable(feature: Pick<AnyFeature, "table">): string {
  return `stemma_empty_parent__${feature.table}`;
}

/**
 * Reads the columns of a feature's empty parents; undefined where it has none.
 *
 * Empty parents of another grain, as a feature has where the ids of its upstream were others, say nothing of this one.
 */
export async function emptyParentsSchema(
  session: EngineSession,
  feature: AnyFeature,
): Promise<TableSchema | undefined> {
  const schema = await inspectSchema(session, emptyParentsTable(feature));
  return schema !== undefined && hasGrain(session, schema, feature) ? schema : undefined;
}

function hasGrain({ dialect }: EngineSession, { columns }: TableSchema, { plan, spec }: AnyFeature): boolean {
  const own = [...columns.keys()].filter((column) => !emptyParentColumns.has(column));
  return own.length === plan.grain.length && hasColumns(dialect, columns, plan.grain, spec.columns);
}

/** Columns of an empty parent besides its grain. */
const emptyParentColumns: ReadonlySet<string> = new Set([
  "metaxy_feature_version",
  "metaxy_provenance",
  "metaxy_provenance_by_field",
  "is_retracted",
]);

/**
 * SQL of the empty parents under the current feature version, in the columns of stored rows.
 *
 * Columns that an empty parent lacks are null, so filters treat it as a row without them.
 */
export function emptyParentRows(
  dialect: Dialect,
  feature: AnyFeature,
  table: TableSchema,
  filters: readonly string[] = [],
  affected?: AffectedKeys,
): string {
  const columns = Object.keys(feature.spec.columns).map((column) =>
    feature.plan.grain.includes(column)
      ? quoteIdentifier(column)
      : `${dialect.values.nullOf(typeSql(dialect, feature.spec.columns, column))} AS ${quoteIdentifier(column)}`,
  );
  const ofVersion = `SELECT ${columns.join(", ")}, metaxy_provenance,
      ${byFieldSql(dialect, feature, table)} AS metaxy_provenance_by_field
    FROM ${table.name}
    WHERE metaxy_feature_version = ${quoteLiteral(feature.featureVersion)}`;
  const isLast = dialect.log.isLastOf(feature.plan.grain.map(quoteIdentifier));
  const rows = dialect.whereWindow(ofVersion, `${isLast} AND NOT is_retracted`);
  const conditions = [...filters, ...(affected === undefined ? [] : [isAffected(affected)])];
  if (conditions.length === 0) return rows;
  return `SELECT * FROM (${rows}) WHERE ${conditions.map((condition) => `(${condition})`).join(" AND ")}`;
}

/** The provenance of an empty parent; fields that were added later are null. */
function byFieldSql(dialect: Dialect, { plan }: AnyFeature, table: TableSchema): string {
  const present = memberNames(table.columns.get("metaxy_provenance_by_field"));
  const { values } = dialect;
  return values.struct(
    Object.keys(plan.fieldMembers).map((member) => [
      member,
      present.includes(member)
        ? values.member("metaxy_provenance_by_field", member)
        : values.nullOf(textType(dialect)),
    ]),
  );
}

/** Marks parents as empty. `parents` is SQL of their grain and provenance columns. Within a transaction. */
export async function appendEmptyParents(
  session: EngineSession,
  feature: AnyFeature,
  parents: string,
): Promise<void> {
  await ensureEmptyParentsTable(session, feature);
  await append(session, feature, parents, "metaxy_provenance, metaxy_provenance_by_field, false");
}

/** Creates the table of empty parents, or fits it: one of another grain is dropped, later fields get a member. */
async function ensureEmptyParentsTable(session: EngineSession, feature: AnyFeature): Promise<void> {
  const { plan, spec } = feature;
  const name = qualifiedName(emptyParentsTable(feature));
  const existing = await inspectSchema(session, emptyParentsTable(feature));
  const members = Object.keys(plan.fieldMembers);
  if (existing !== undefined && hasGrain(session, existing, feature)) {
    const present = memberNames(existing.columns.get("metaxy_provenance_by_field"));
    const all = structType(session.dialect, [...new Set([...present, ...members])]);
    if (members.some((member) => !present.includes(member)))
      await session.run(session.dialect.alterType(name, "metaxy_provenance_by_field", all));
    return;
  }
  if (existing !== undefined) await session.run(`DROP TABLE ${name}`);
  const columns = plan.grain.map(
    (column) => `${quoteIdentifier(column)} ${typeSql(session.dialect, spec.columns, column)}`,
  );
  const text = textType(session.dialect);
  await session.run(
    `CREATE TABLE ${name} (${columns.join(", ")}, metaxy_feature_version ${text}, metaxy_provenance ${text},
       metaxy_provenance_by_field ${structType(session.dialect, members)}, is_retracted BOOLEAN)`,
  );
}

/** Retracts empty parents, since they have children now. Within a transaction. */
export async function retractEmptyParents(
  session: EngineSession,
  feature: AnyFeature,
  parents: string,
): Promise<void> {
  const table = await emptyParentsSchema(session, feature);
  if (table === undefined) return;
  const current = emptyParentRows(session.dialect, feature, table);
  const { grain } = feature.plan;
  const same = grain
    .map((column) => `m.${quoteIdentifier(column)} = p.${quoteIdentifier(column)}`)
    .join(" AND ");
  const retracted = `SELECT m.* FROM (${current}) AS m ${session.dialect.semiJoin(`(${parents}) AS p`, same)}`;
  await append(session, feature, retracted, "NULL, NULL, true");
}

/** The table is a log too: the last row of a parent says whether it is marked. */
async function append(
  session: EngineSession,
  feature: AnyFeature,
  parents: string,
  values: string,
): Promise<void> {
  const grain = feature.plan.grain.map(quoteIdentifier).join(", ");
  await session.run(
    `INSERT INTO ${qualifiedName(emptyParentsTable(feature))} (${grain}, metaxy_feature_version,
       metaxy_provenance, metaxy_provenance_by_field, is_retracted)
     SELECT ${grain}, ${quoteLiteral(feature.featureVersion)}, ${values} FROM (${parents})`,
  );
}

/** Refuses to mark parents of a feature that has none. */
export function assertMayBeEmpty(feature: AnyFeature): void {
  if (feature.plan.traits.mayBeEmpty) return;
  throw new InputError(
    "wrong-type",
    `${feature.key} has no dep with the lineage "expansion", so it has no parents that could be empty.`,
    { feature: feature.key },
  );
}
