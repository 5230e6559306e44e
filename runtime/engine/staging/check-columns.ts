import type { ValueShape } from "../../dialect/check-sql.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import type { CastColumn } from "./cast-columns.ts";
import { assertChecks, type CheckableRows } from "./refuse-row.ts";
import type { ColumnCheck } from "./value-checks.ts";

/** What the values of rows must satisfy, apart from their casts. */
export interface ValueRequirements {
  /** Checks of columns as they arrived. */
  readonly arrived: readonly ColumnCheck[];
  /** Checks of columns in their declared types. */
  readonly declared: readonly ColumnCheck[];
  /** SQL of further columns that are checked. */
  readonly selected: readonly string[];
}

/** Checks values as they arrived, so that no cast changes or refuses one, and then in their declared types. */
export async function assertColumnValues(
  session: EngineSession,
  rows: CheckableRows,
  columns: readonly CastColumn[],
  { arrived, declared, selected }: ValueRequirements,
): Promise<void> {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const scalar: ValueShape = { kind: "scalar" };
  await assertChecks(
    session,
    rows,
    [...columns.flatMap(({ checks }) => checks), ...arrived],
    (name) => byName.get(name)?.arrived ?? scalar,
  );
  const number = rows.number === undefined ? [] : [`${rows.number} AS stemma_number`];
  const cast = `(SELECT ${[...columns.map(selectAs), ...selected, ...number].join(", ")} FROM ${rows.table})`;
  await assertChecks(
    session,
    { ...rows, table: cast, number: rows.number === undefined ? undefined : "stemma_number" },
    declared,
    (name) => byName.get(name)?.type ?? scalar,
  );
}

/** A column in its declared type. */
export function selectAs({ name, sql }: CastColumn): string {
  return `${sql} AS ${quoteIdentifier(name)}`;
}
