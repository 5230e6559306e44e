import type { UpstreamFacts } from "../../contract.ts";
import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName, quoteText } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { inspectShape, inspectTable, type PhysicalTable, type TableShape } from "./physical-table.ts";
import { systemColumns } from "./system-columns.ts";

/** What names the table of a feature. */
interface TableOf {
  readonly key: string;
  readonly table: string;
}

/** The table of a feature: undefined where it was never written. Refuses one that is no feature table. */
export async function featureTable(session: Session, feature: TableOf): Promise<PhysicalTable | undefined> {
  const physical = await inspectTable(session, feature.table);
  if (physical !== undefined) assertFeatureTable(session, feature, physical);
  return physical;
}

/** The columns of a feature's table; like {@link featureTable}, without a look at its rows. */
export async function featureShape(session: Session, feature: TableOf): Promise<TableShape | undefined> {
  const shape = await inspectShape(session, feature.table);
  if (shape !== undefined) assertFeatureTable(session, feature, shape);
  return shape;
}

/** Refuses a table that lacks what every feature's table has. */
export function assertFeatureTable(session: Session, { key, table }: TableOf, shape: TableShape): void {
  const lacking = Object.keys(systemColumns).filter((column) => !shape.columns.has(column));
  if (lacking.length === 0) return;
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
