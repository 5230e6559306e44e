import { printIds, printPath } from "../../columns/values/value-path.ts";
import type { CheckStep } from "../../contract.ts";
import {
  brokenFlags,
  brokenSql,
  memberOf,
  partsOf,
  type SqlValue,
  type ValueShape,
} from "../../dialect/check-sql.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import { InputError } from "../../errors.ts";
import type { Bindings, EngineSession } from "../engine.ts";
import type { CastColumn } from "./cast-columns.ts";
import { byColumn, type CheckedColumn, type ColumnCheck, columnValue } from "./value-checks.ts";

/** Checks values as they arrived, so that no cast changes or refuses one; then `declared`, in their declared types. */
export async function assertColumnValues(
  session: EngineSession,
  rows: CheckableRows,
  columns: readonly CastColumn[],
  declared: readonly ColumnCheck[],
): Promise<void> {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const scalar: ValueShape = { kind: "scalar" };
  await assertChecks(
    session,
    rows,
    columns.flatMap(({ checks }) => checks),
    (name) => byName.get(name)?.arrived ?? scalar,
  );
  const number = rows.number === undefined ? [] : [`${rows.number} AS stemma_number`];
  const cast = `(SELECT ${[...columns.map(selectAs), ...number].join(", ")} FROM ${rows.table})`;
  await assertChecks(
    session,
    { ...rows, table: cast, jsonIds: [], number: rows.number === undefined ? undefined : "stemma_number" },
    declared,
    (name) => byName.get(name)?.type ?? scalar,
  );
}

/** A column in its declared type. */
export function selectAs({ name, sql }: CastColumn): string {
  return `${sql} AS ${quoteIdentifier(name)}`;
}

/** Rows to check, in SQL. */
export interface CheckableRows {
  /** A table or a query in brackets, with the checked columns and the id columns. */
  readonly table: string;
  readonly bindings?: Bindings | undefined;
  /** SQL of the number of a row, from 1; undefined where rows have no order. */
  readonly number: string | undefined;
  /** Feature key, for messages. */
  readonly feature: string;
  /** The set of an increment that the rows are. */
  readonly set?: "new" | "stale";
  /** Id columns that the relation has, which name a row. */
  readonly ids: readonly string[];
  /** Id columns that arrived as JSON. */
  readonly jsonIds?: readonly string[];
}

/** Checks all rows in one pass, whatever the number of checks; where one is broken, finds the row and the place in it. */
async function assertChecks(
  session: EngineSession,
  rows: CheckableRows,
  checks: readonly ColumnCheck[],
  shapeOf: Parameters<typeof byColumn>[1],
): Promise<void> {
  if (checks.length === 0) return;
  const dialect = session.dialect.values;
  const columns = byColumn(checks, shapeOf);
  const broken = await countEach(
    session,
    rows,
    columns.map((column) => brokenColumn(dialect, column)),
  );
  const suspects = new Set(columns.filter((_, index) => broken[index]).map(({ name }) => name));
  if (suspects.size === 0) return;
  const candidates = checks.filter(({ column }) => suspects.has(column));
  const single = candidates.map((check) => ({
    name: check.column,
    shape: shapeOf(check.column),
    checks: [check],
  }));
  const failed = await countEach(
    session,
    rows,
    single.map((column) => brokenColumn(dialect, column)),
  );
  const index = failed.indexOf(true);
  const column = single[index];
  const check = candidates[index];
  if (column === undefined || check === undefined)
    throw new Error("A check that failed among others passes alone");
  await refuse(session, rows, column, check);
}

function brokenColumn(dialect: ValueDialect, column: CheckedColumn): string {
  return brokenSql(dialect, columnValue(dialect, column), column.checks, "stemma_");
}

/** Which of some conditions are true for any row. */
async function countEach(
  session: EngineSession,
  rows: CheckableRows,
  conditions: readonly string[],
): Promise<boolean[]> {
  const counts = conditions.map((condition, index) => `${session.dialect.countIf(condition)} AS c${index}`);
  const [found] = await session.rows(`SELECT ${counts.join(", ")} FROM ${rows.table}`, rows.bindings);
  return conditions.map((_, index) => Number(found?.[`c${index}`] ?? 0) > 0);
}

async function refuse(
  session: EngineSession,
  rows: CheckableRows,
  column: CheckedColumn,
  check: ColumnCheck,
): Promise<never> {
  const dialect = session.dialect.values;
  const print = (value: string) => dialect.cast(value, dialect.scalars.VARCHAR.type);
  const ids = rows.ids.map((id, index) => {
    const name = quoteIdentifier(id);
    return `${print(rows.jsonIds?.includes(id) ? dialect.json.text(name) : name)} AS id${index}`;
  });
  const base = columnValue(dialect, column);
  const first = `SELECT ${[...ids, `${rows.number ?? "NULL"} AS number`, `${base.sql} AS v0`].join(", ")}
    FROM ${rows.table} WHERE ${brokenColumn(dialect, column)} ORDER BY number${ids.map((_, index) => `, id${index}`).join("")} LIMIT 1`;
  const { sql, last } = pathToViolation(dialect, first, { sql: "v0", shape: column.shape }, check);
  const [found = {}] = await session.rows(
    `SELECT *, ${print(last.sql)} AS value FROM (${sql})`,
    rows.bindings,
  );
  const path = printPath(
    check.column,
    check.steps.map((step, index) => pathPartOf(step, found, index)),
  );
  const values = rows.ids.map((id, index) => [id, textOf(found[`id${index}`])] as const);
  const number = found["number"] === null ? undefined : Number(found["number"]);
  const value = textOf(found["value"]);
  const formatted = value === null ? "" : ` (${shorten(value)})`;
  const row =
    rows.set === undefined ? `Row ${number} of ${rows.feature}` : `A ${rows.set} row of ${rows.feature}`;
  throw new InputError(
    check.code,
    `${row}${printIds(values)}: ${path}${formatted} ${check.message}. Nothing was written.`,
    {
      feature: rows.feature,
      ...(number === undefined ? {} : { row: number }),
      column: check.column,
      path,
      value,
      id: Object.fromEntries(values),
    },
  );
}

/** SQL that goes from a broken value down to what breaks the check, in columns `v1`, `v2`…, with indexes and names. */
function pathToViolation(
  dialect: ValueDialect,
  first: string,
  value: SqlValue,
  check: ColumnCheck,
): { sql: string; last: SqlValue } {
  let sql = first;
  let last = value;
  for (const [index, step] of check.steps.entries()) {
    const rest = { steps: check.steps.slice(index + 1), sql: check.sql };
    const next = `v${index + 1}`;
    if (typeof step === "string") {
      const member = memberOf(dialect, last, step);
      sql = `SELECT *, ${member.sql} AS ${next} FROM (${sql})`;
      last = { sql: next, shape: member.shape };
      continue;
    }
    const { list, names, part } = partsOf(dialect, last, step);
    const flags = brokenFlags(
      dialect,
      last,
      step,
      (each) => brokenSql(dialect, each, [rest], "stemma_"),
      "stemma_0",
    );
    sql = `SELECT *, ${dialect.firstTrue(flags)} AS i${index} FROM (${sql})`;
    const item = part(dialect.itemAt(list, `i${index}`));
    const name = names === undefined ? "NULL" : dialect.itemAt(names, `i${index}`);
    sql = `SELECT *, ${item.sql} AS ${next}, ${name} AS n${index} FROM (${sql})`;
    last = { sql: next, shape: item.shape };
  }
  return { sql, last };
}

function pathPartOf(
  step: CheckStep,
  found: Readonly<Record<string, unknown>>,
  index: number,
): string | number | { key: string } {
  if (typeof step === "string") return step;
  const name = found[`n${index}`];
  return typeof name === "string" ? { key: name } : Number(found[`i${index}`]) - 1;
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
