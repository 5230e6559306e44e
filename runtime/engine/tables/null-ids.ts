import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import { StoreError } from "../../errors.ts";
import type { StoreWarning } from "../../warning.ts";
import type { EngineSession } from "../engine.ts";
import { countNullIds, lacksIdColumn } from "./counted-rows.ts";
import type { PhysicalTable } from "./physical-table.ts";
import { currentRows } from "./relation.ts";

/** Rows of a feature version that lack an id. */
export interface NullIds {
  /** Feature key. */
  readonly key: string;
  readonly table: string;
  readonly featureVersion: string;
  readonly idColumns: readonly string[];
  readonly rows: number;
}

/**
 * What is said of rows that are left aside, since they lack an id; undefined where none are but those that were written
 * under other ids, and count again once the spec has these.
 */
export async function nullIdWarning(
  session: EngineSession,
  nullIds: NullIds,
  stored: PhysicalTable,
): Promise<StoreWarning | undefined> {
  if (nullIds.rows === 0) return undefined;
  const rows = await countUnnamed(session, nullIds, stored);
  return rows === 0 ? undefined : warningOf(session.database, { ...nullIds, rows });
}

/** How many rows lack an id, without those that were written under other ids. */
async function countUnnamed(
  session: EngineSession,
  nullIds: NullIds,
  stored: PhysicalTable,
): Promise<number> {
  if (stored.otherIds === undefined) return nullIds.rows;
  const [found] = await session.rows(`SELECT ${countNullIds(nullIds, stored)} AS rows`);
  return Number(found?.["rows"] ?? 0);
}

function warningOf(database: string, nullIds: NullIds): StoreWarning {
  const { key, table, idColumns: columns, rows } = nullIds;
  const command = removal(nullIds);
  const are = rows === 1 ? "row has" : "rows have";
  return {
    code: "null-id",
    message: `${rows} ${are} no ${columns.join(" or no ")} in the table ${table} of ${database}, and so ${rows === 1 ? "is" : "are"} left aside: an id is never null. This command removes ${rows === 1 ? "it" : "them"}: ${command}`,
    facts: { feature: key, table, rows, columns, command },
  };
}

/** Refuses an upstream of which all live rows lack an id: nothing would be expected of it. */
export async function assertAnyIds(
  session: EngineSession,
  nullIds: NullIds,
  table: PhysicalTable,
): Promise<void> {
  const { key, idColumns, featureVersion, rows } = nullIds;
  const isLive = `metaxy_feature_version = ${quoteLiteral(featureVersion)} AND metaxy_deleted_at IS NULL`;
  const live = await session.rows(`SELECT 1 FROM ${table.name} WHERE ${isLive} LIMIT 1`);
  if (live.length === 0) return;
  if (!lacksIdColumn(table, idColumns)) {
    const spec = { table, idColumns, featureVersion, columns: {}, members: [], filters: [] };
    const counted = await session.rows(`SELECT 1 FROM (${currentRows(session.dialect, spec)}) LIMIT 1`);
    if (counted.length > 0) return;
  }
  const unnamed = await countUnnamed(session, nullIds, table);
  const rest =
    unnamed === 0
      ? "They were written under other id columns, and count again once the spec has these."
      : `This command removes ${unnamed === rows ? "them" : `${unnamed} of them`}: ${removal(nullIds)}`;
  throw new StoreError(
    "null-id-stored",
    `All ${rows} stored rows of ${key} in ${session.database} have no ${idColumns.join(" or no ")}, so nothing can be computed from them: an id is never null. Run ${key} first. ${rest}`,
    { feature: key, table: nullIds.table, rows, columns: idColumns },
  );
}

/** The command that removes the rows. */
function removal({ key, idColumns }: NullIds): string {
  const filter = idColumns
    .map((id) => `${/^[a-z_]\w*$/i.test(id) ? id : quoteIdentifier(id)} IS NULL`)
    .join(" OR ");
  const quoted = filter.includes('"') ? `'${filter.replaceAll("'", `'\\''`)}'` : `"${filter}"`;
  return `stemma delete ${key} --where ${quoted}`;
}
