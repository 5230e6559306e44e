import type { UpstreamFacts } from "../../contract.ts";
import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName, quoteText } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { inspectTable, type PhysicalTable } from "./physical-table.ts";
import { systemColumns } from "./system-columns.ts";

/** The table of a feature: undefined where it was never written. Refuses one that is no feature table. */
export async function featureTable(
  session: Session,
  { key, table }: { readonly key: string; readonly table: string },
): Promise<PhysicalTable | undefined> {
  const physical = await inspectTable(session, table);
  if (physical === undefined) return undefined;
  const lacking = Object.keys(systemColumns).filter((column) => !physical.columns.has(column));
  if (lacking.length > 0) {
    throw new StoreError(
      "table-shape",
      `The table ${table} of ${session.database} is not the table of a feature, though ${key} needs that name: it lacks ${lacking.join(", ")}. Rename that table, or the feature.`,
      { feature: key, table, lacking },
    );
  }
  return physical;
}

/** The table of an upstream; undefined for an optional one that was never written, an error for a required one. */
export async function upstreamTable(
  session: Session,
  feature: AnyFeature,
  key: string,
  facts: UpstreamFacts,
): Promise<PhysicalTable | undefined> {
  const table = await featureTable(session, { key, table: facts.table });
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
  table: PhysicalTable,
  ids: readonly string[],
  featureVersion: string,
): Promise<void> {
  const present = ids.filter((id) => table.columns.has(id));
  const missing = ids.filter((id) => !table.columns.has(id));
  if (missing.length > 0) {
    throw new StoreError(
      "table-shape",
      `The table of ${key} in ${session.database} lacks the id column ${missing.join(", ")}.`,
      { feature: key, columns: missing },
    );
  }
  const isNull = present.map((id) => `${quoteName(id)} IS NULL`).join(" OR ");
  const [found] = await session.rows(
    `SELECT count(*) AS rows FROM ${table.name}
     WHERE (${isNull}) AND metaxy_feature_version = ${quoteText(featureVersion)}`,
  );
  const rows = Number(found?.["rows"] ?? 0);
  if (rows === 0) return;
  throw new StoreError(
    "null-id-stored",
    `${rows} stored ${rows === 1 ? "row" : "rows"} of ${key} in ${session.database} (table ${table.name}) have no ${ids.join(" or no ")}: an id is never null. Delete or mend them.`,
    { feature: key, table: table.name, rows },
  );
}
