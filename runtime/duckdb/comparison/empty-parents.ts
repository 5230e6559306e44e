import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName, quoteText } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { hasColumns } from "../tables/misfits.ts";
import { inspectShape, qualifiedName, type TableShape } from "../tables/physical-table.ts";
import { isTouched, structType, type Touched, typeSql } from "../tables/relation.ts";
import { memberNames } from "../tables/stored-type.ts";

/**
 * Parents of an expansion that were processed and have no children, in a table of our own beside the feature's.
 *
 * A marker is the stored side of its parent: it bears the provenance for which it holds. The Python system does not
 * know it, and sees such a parent as new.
 */
export function markerTable(feature: Pick<AnyFeature, "table">): string {
  return `stemma_empty__${feature.table}`;
}

/** Whether a feature expands its upstream, so that a parent may have no children. */
export function isExpansion(feature: AnyFeature): boolean {
  return feature.spec.deps.some((dep) => dep.lineage.type === "expansion");
}

/**
 * Looks at the columns of a feature's markers; undefined where it has none.
 *
 * Markers of another grain, as a feature has where the ids of its upstream were others, say nothing of this one.
 */
export async function markerShape(session: Session, feature: AnyFeature): Promise<TableShape | undefined> {
  const shape = await inspectShape(session, markerTable(feature));
  return shape !== undefined && hasGrain(shape, feature) ? shape : undefined;
}

function hasGrain({ columns }: TableShape, { plan, spec }: AnyFeature): boolean {
  const own = [...columns.keys()].filter((column) => !markerColumns.has(column));
  return own.length === plan.grain.length && hasColumns(columns, plan.grain, spec.columns);
}

/** Columns of a marker beside its grain. */
const markerColumns: ReadonlySet<string> = new Set([
  "metaxy_feature_version",
  "metaxy_provenance",
  "metaxy_provenance_by_field",
  "stemma_taken_away",
]);

/**
 * SQL of the markers under the current feature version, in the shape of stored rows.
 *
 * The columns that a marker has not are null, and so filters see it as they see a row without them.
 */
export function emptyParents(
  feature: AnyFeature,
  table: TableShape,
  filters: readonly string[] = [],
  touched?: Touched,
): string {
  const columns = Object.entries(feature.spec.columns).map(([column, type]) =>
    feature.plan.grain.includes(column)
      ? quoteName(column)
      : `NULL::${typeSql(type)} AS ${quoteName(column)}`,
  );
  const markers = `SELECT ${columns.join(", ")}, metaxy_provenance,
      ${byFieldSql(feature, table)} AS metaxy_provenance_by_field
    FROM ${table.name}
    WHERE metaxy_feature_version = ${quoteText(feature.featureVersion)}
    QUALIFY rowid = max(rowid) OVER (PARTITION BY ${feature.plan.grain.map(quoteName).join(", ")})
      AND NOT stemma_taken_away`;
  const conditions = [...filters, ...(touched === undefined ? [] : [isTouched(touched)])];
  if (conditions.length === 0) return markers;
  return `SELECT * FROM (${markers}) WHERE ${conditions.map((condition) => `(${condition})`).join(" AND ")}`;
}

/** The provenance of a marker; fields that came later are null in it. */
function byFieldSql({ plan }: AnyFeature, table: TableShape): string {
  const present = memberNames(table.columns.get("metaxy_provenance_by_field"));
  const members = Object.keys(plan.members).map(quoteName);
  const values = Object.keys(plan.members).map((member) =>
    present.includes(member) ? `metaxy_provenance_by_field.${quoteName(member)}` : "NULL::VARCHAR",
  );
  return `struct_pack(${members.map((member, index) => `${member} := ${values[index]}`).join(", ")})`;
}

/** Marks parents as empty. `parents` is SQL of their grain and provenance columns. Within a transaction. */
export async function appendMarkers(session: Session, feature: AnyFeature, parents: string): Promise<void> {
  await ensureMarkers(session, feature);
  await append(session, feature, parents, "metaxy_provenance, metaxy_provenance_by_field, false");
}

/** Makes the table of markers, or makes it fit: one of another grain goes, and fields that came later get a member. */
async function ensureMarkers(session: Session, feature: AnyFeature): Promise<void> {
  const { plan, spec } = feature;
  const name = qualifiedName(markerTable(feature));
  const existing = await inspectShape(session, markerTable(feature));
  const members = Object.keys(plan.members);
  if (existing !== undefined && hasGrain(existing, feature)) {
    const present = memberNames(existing.columns.get("metaxy_provenance_by_field"));
    const all = structType([...new Set([...present, ...members])]);
    if (members.some((member) => !present.includes(member)))
      await session.run(`ALTER TABLE ${name} ALTER COLUMN metaxy_provenance_by_field SET DATA TYPE ${all}`);
    return;
  }
  if (existing !== undefined) await session.run(`DROP TABLE ${name}`);
  const columns = plan.grain.map(
    (column) => `${quoteName(column)} ${typeSql(spec.columns[column] ?? "VARCHAR")}`,
  );
  await session.run(
    `CREATE TABLE ${name} (${columns.join(", ")}, metaxy_feature_version VARCHAR, metaxy_provenance VARCHAR,
       metaxy_provenance_by_field ${structType(members)}, stemma_taken_away BOOLEAN)`,
  );
}

/** Takes the markers of parents away, since they have children now. Within a transaction. */
export async function takeMarkersAway(session: Session, feature: AnyFeature, parents: string): Promise<void> {
  const table = await markerShape(session, feature);
  if (table === undefined) return;
  const markers = emptyParents(feature, table);
  const { grain } = feature.plan;
  const same = grain.map((column) => `m.${quoteName(column)} = p.${quoteName(column)}`).join(" AND ");
  const marked = `SELECT m.* FROM (${markers}) AS m SEMI JOIN (${parents}) AS p ON ${same}`;
  await append(session, feature, marked, "NULL, NULL, true");
}

/** The table is a log too: the last row of a parent says whether it is marked. */
async function append(session: Session, feature: AnyFeature, parents: string, values: string): Promise<void> {
  const grain = feature.plan.grain.map(quoteName).join(", ");
  await session.run(
    `INSERT INTO ${qualifiedName(markerTable(feature))} (${grain}, metaxy_feature_version,
       metaxy_provenance, metaxy_provenance_by_field, stemma_taken_away)
     SELECT ${grain}, ${quoteText(feature.featureVersion)}, ${values} FROM (${parents})`,
  );
}

/** Refuses to mark parents of a feature that has none. */
export function assertExpansion(feature: AnyFeature): void {
  if (isExpansion(feature)) return;
  throw new InputError(
    "wrong-type",
    `${feature.key} has no dep with the lineage "expansion", so it has no parents that could be empty.`,
    { feature: feature.key },
  );
}
