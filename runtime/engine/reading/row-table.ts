import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { Bindings, EngineSession } from "../engine.ts";

/** Rows in a temporary table, lying in order. */
export interface RowTable {
  readonly session: EngineSession;
  /** Quoted. */
  readonly table: string;
  readonly rows: number;
  /** What rows should have and lack, with how many do. */
  readonly missing?: readonly MissingValue[];
}

/** A value that each row should have. */
export interface RequiredValue {
  readonly name: string;
  /** SQL that is true for a row that lacks it. */
  readonly isMissing: string;
}

/** A value that some rows lack. */
export interface MissingValue {
  readonly name: string;
  readonly rows: number;
}

/** Puts the rows of a query into a temporary table, in the query's order, and counts those that lack what is required. */
export async function createRowTable(
  session: EngineSession,
  name: string,
  sql: string,
  bindings: Bindings,
  required: readonly RequiredValue[],
): Promise<RowTable> {
  const table = quoteIdentifier(name);
  await session.run(session.dialect.createTemp(name, sql, "replace"), bindings);
  const lacking = required.map(
    ({ isMissing }, index) => `, ${session.dialect.countIf(isMissing)} AS c${index}`,
  );
  const [count] = await session.rows(`SELECT count(*) AS rows${lacking.join("")} FROM ${table}`);
  const missing = required.flatMap(({ name }, index) => {
    const rows = Number(count?.[`c${index}`] ?? 0);
    return rows === 0 ? [] : [{ name, rows }];
  });
  return { session, table, rows: Number(count?.["rows"] ?? 0), missing };
}
