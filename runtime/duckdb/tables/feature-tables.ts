import type { UpstreamFacts } from "../../contract.ts";
import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName, quoteText } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { assertSystemTypes } from "./assert-system-types.ts";
import { inspectShape, type PhysicalTable, type TableShape, withPosition } from "./physical-table.ts";
import { isRowId, readableShape } from "./readable-table.ts";
import { systemColumns } from "./system-columns.ts";

/** What names the table of a feature. */
interface TableOf {
  readonly key: string;
  readonly table: string;
}

/** The table of a feature to read: undefined where it was never written. Refuses one that is no feature table. */
export async function featureTable(session: Session, feature: TableOf): Promise<PhysicalTable | undefined> {
  const shape = await featureShape(session, feature);
  return shape === undefined ? undefined : withPosition(session, shape);
}

/** The table of a feature to write: undefined where it was never written. Refuses one that can't take rows. */
export async function writableTable(session: Session, feature: TableOf): Promise<PhysicalTable | undefined> {
  const shape = await inspectShape(session, feature.table);
  if (shape === undefined) return undefined;
  assertFeatureTable(session, feature, shape);
  assertLog(session, feature, shape);
  return withPosition(session, shape);
}

/** The columns of a feature's table; like {@link featureTable}, without a look at its rows. */
export async function featureShape(session: Session, feature: TableOf): Promise<TableShape | undefined> {
  const shape = await inspectShape(session, feature.table);
  if (shape === undefined) return undefined;
  assertFeatureTable(session, feature, shape);
  return readableShape(session, feature.table, shape);
}

/** Rows can be appended to a table, and told from older ones by its row ids. */
function assertLog(session: Session, { key, table }: TableOf, { columns, rowIds }: TableShape): void {
  if (rowIds === "own") return;
  const column = [...columns.keys()].find(isRowId) ?? "rowid";
  const [what, cure] =
    rowIds === "none"
      ? ["is a view", "Make a table of it, or give the feature another key"]
      : [
          `has a column ${column}, which hides the row ids that a store counts by`,
          `Rename it: ALTER TABLE ${quoteName(table)} RENAME COLUMN ${quoteName(column)} TO another name`,
        ];
  throw new StoreError(
    "table-shape",
    `The table ${table} of ${key} in ${session.database} ${what}, so its rows can be read but not written. ${cure}.`,
    { feature: key, table },
  );
}

function assertFeatureTable(session: Session, { key, table }: TableOf, shape: TableShape): void {
  const lacking = Object.keys(systemColumns).filter((column) => !shape.columns.has(column));
  if (lacking.length === 0) {
    assertSystemTypes(session.database, { key, table }, shape);
    return;
  }
  throw new StoreError(
    "table-shape",
    `The table ${table} of ${session.database} is not the table of a feature, though ${key} needs that name: it lacks ${lacking.join(", ")}. Rename that table, or the feature.`,
    { feature: key, table, lacking },
  );
}

/** The table of an upstream; undefined for an optional one that was never written, an error for a required one. */
export async function upstreamShape(
  session: Session,
  feature: AnyFeature,
  key: string,
  facts: UpstreamFacts,
): Promise<TableShape | undefined> {
  const table = await featureShape(session, { key, table: facts.table });
  if (table !== undefined || facts.optional) return table;
  throw new StoreError(
    "upstream-missing",
    `${feature.key} needs ${key}, which was never written to ${session.database}. Run ${key} first, or open the store that holds it.`,
    { feature: feature.key, upstream: key, database: session.database },
  );
}

/** Ids are never null; rows of other programs are looked at before they count. */
export async function assertStoredIds(
  session: Session,
  key: string,
  table: TableShape,
  ids: readonly string[],
  featureVersion: string,
): Promise<void> {
  assertIdColumns(session, key, table, ids);
  const [found] = await session.rows(
    `SELECT count(*) AS rows FROM ${table.name} WHERE ${hasNoId(ids, featureVersion)}`,
  );
  assertNoNullIds(session, key, table, ids, Number(found?.["rows"] ?? 0));
}

/** Refuses a table that lacks an id column. */
export function assertIdColumns(
  session: Session,
  key: string,
  table: TableShape,
  ids: readonly string[],
): void {
  const missing = ids.filter((id) => !table.columns.has(id));
  if (missing.length === 0) return;
  throw new StoreError(
    "table-shape",
    `The table of ${key} in ${session.database} lacks the id column ${missing.join(", ")}, without which its rows can't be told apart. Drop the table, or give the feature another key.`,
    { feature: key, columns: missing },
  );
}

/** Condition on rows of a feature version that lack an id. */
export function hasNoId(ids: readonly string[], featureVersion: string): string {
  const isNull = ids.map((id) => `${quoteName(id)} IS NULL`).join(" OR ");
  return `(${isNull}) AND metaxy_feature_version = ${quoteText(featureVersion)}`;
}

/** Refuses a table of which some rows have no id. */
export function assertNoNullIds(
  session: Session,
  key: string,
  table: TableShape,
  ids: readonly string[],
  rows: number,
): void {
  if (rows === 0) return;
  throw new StoreError(
    "null-id-stored",
    `${rows} stored ${rows === 1 ? "row" : "rows"} of ${key} in ${session.database} (table ${table.name}) have no ${ids.join(" or no ")}: an id is never null. Delete or mend them.`,
    { feature: key, table: table.name, rows },
  );
}
