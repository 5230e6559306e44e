import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { StoreError } from "../../errors.ts";
import type { EngineSession } from "../engine.ts";
import { lacksIdColumn } from "./counted-rows.ts";
import { latestRows, versionLog } from "./latest-rows.ts";
import type { DeclaredColumns, Misfit } from "./misfits.ts";
import type { PhysicalTable } from "./physical-table.ts";

/** A table of a feature whose columns are compared with the declared ones. */
export interface FittedTable extends DeclaredColumns {
  /** Feature key, for messages. */
  readonly key: string;
  /** Name of the table, for messages. */
  readonly tableName: string;
  readonly featureVersion: string;
  readonly table: PhysicalTable;
}

/** Rows whose value in a column is none of the declared type. */
export interface BlockingRows {
  readonly misfit: Misfit;
  readonly rows: number;
  /** How many rows were read for it. */
  readonly storedRows: number;
}

/** Which rows of a table have to be read. */
export type RowScope = "current" | "all";

/**
 * The columns of which stored values are none of the declared type, with how many rows each.
 *
 * Of the `current` rows, the latest ones of the feature version that are not deleted, or of `all` that the table has.
 */
export async function findBlockingRows(
  session: EngineSession,
  fitted: FittedTable,
  misfits: readonly Misfit[],
  scope: RowScope,
): Promise<BlockingRows[]> {
  const { table, idColumns, featureVersion } = fitted;
  if (scope === "all") return countUnreadable(session, table.name, misfits);
  // Without one of its id columns, no row counts.
  if (lacksIdColumn(table, idColumns)) return [];
  const log = versionLog(session.dialect, table, featureVersion, "all");
  const found = await countUnreadable(session, log, misfits);
  if (found.length === 0) return found;
  // What a later row replaced, or a deletion took away, is in nobody's way.
  const latest = `(${latestRows(session.dialect, { idColumns, log, repeated: undefined })}) WHERE metaxy_deleted_at IS NULL`;
  return countUnreadable(
    session,
    latest,
    found.map(({ misfit }) => misfit),
  );
}

async function countUnreadable(
  session: EngineSession,
  from: string,
  misfits: readonly Misfit[],
): Promise<BlockingRows[]> {
  const checkable = misfits.filter(({ fit }) => fit.readable !== undefined);
  if (checkable.length === 0) return [];
  const counts = checkable.map(({ column, fit }, index) => {
    return `${session.dialect.countIf(`NOT (${fit.readable?.(quoteIdentifier(column))})`)} AS c${index}`;
  });
  const [found] = await session.rows(`SELECT count(*) AS stored, ${counts.join(", ")} FROM ${from}`);
  return checkable.flatMap((misfit, index) => {
    const rows = Number(found?.[`c${index}`] ?? 0);
    return rows === 0 ? [] : [{ misfit, rows, storedRows: Number(found?.["stored"] ?? 0) }];
  });
}

/** Refuses to read columns of which a stored value would come out as another one. */
export async function assertReadable(
  session: EngineSession,
  fitted: FittedTable,
  misfits: readonly Misfit[],
): Promise<void> {
  const [first] = await findBlockingRows(session, fitted, misfits, "current");
  if (first !== undefined) throw columnTypeError(session, fitted, first);
}

/** The error of a column that can't hold, or give, what its spec declares. */
export function columnTypeError(
  session: EngineSession,
  { key, tableName }: Pick<FittedTable, "key" | "tableName">,
  { misfit, rows }: BlockingRows,
): StoreError {
  const { column, stored, declared } = misfit;
  const held =
    rows === 0
      ? `No value of ${declared} but null fits in there.`
      : `${rows} stored ${rows === 1 ? "row has a value" : "rows have values"} that no ${declared} is.`;
  return new StoreError(
    "column-type",
    `${column} of ${key} is stored as ${stored} (table ${tableName} of ${session.database}), and its spec declares ${declared}. ${held} Give the column another name, convert what can be converted with "stemma migrate ${key}", or drop the table with "stemma drop ${key}".`,
    { feature: key, table: tableName, column, stored, declared, rows },
  );
}
