import type { ColumnType } from "../../columns/column-type.ts";
import { type ColumnTexts, declaredType, parsedColumns } from "../../columns/parsed-columns.ts";
import type { CheckStep, ValueCheck } from "../../contract.ts";
import { checkOf } from "../../dialect/check-placeholder.ts";
import { type LocatedCheck, type SqlValue, typedValue, type ValueShape } from "../../dialect/check-sql.ts";
import { locatedCheck, refusesNull } from "../../dialect/located-check.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import type { InputErrorCode } from "../../errors.ts";
import { scalarAcceptance } from "./accept-scalar.ts";

/** A check of the values at some place in a column, and what to say where one breaks it. */
export interface ColumnCheck extends LocatedCheck {
  readonly column: string;
  readonly code: InputErrorCode;
  readonly message: string;
}

/** A column that is checked, in SQL. */
export interface CheckedColumn {
  readonly name: string;
  readonly shape: ValueShape;
  readonly checks: readonly ColumnCheck[];
}

/** Columns that must not be null. */
export function nullChecks(required: readonly string[], ids: readonly string[]): ColumnCheck[] {
  return required.map((column) => ({
    column,
    steps: [],
    sql: "$value IS NOT NULL",
    code: ids.includes(column) ? "null-id" : "missing-column",
    message: "is missing or null, and must not be",
  }));
}

/** The constraints of a plan on the given columns. */
export function constraintChecks(
  dialect: ValueDialect,
  checks: readonly ValueCheck[],
  columns: ColumnTexts,
): ColumnCheck[] {
  return checks
    .filter(({ at: [column] }) => Object.hasOwn(columns, column))
    .map((check) => {
      const [column] = check.at;
      const located = locatedCheck(dialect, check, declaredType(columns, column));
      return {
        column,
        ...located,
        code: "constraint-violated",
        message: refusesNull(check) ? absences[check.keyword] : violationMessage(check.keyword, located.sql),
      };
    });
}

function violationMessage(keyword: string, sql: string): string {
  const predicate = checkOf(sql, "value");
  return `breaks the constraint ${keyword} of its spec${predicate.length > longestSql ? "" : ` (${predicate})`}`;
}

/** Characters of a predicate that a message shows. */
const longestSql = 200;

const absences = {
  required: "is null or missing, and must not be",
  type: "is null, and must not be",
} as const;

/** What rows that did not come from JavaScript may hold in a declared type, and JavaScript can't read. */
export function readableChecks(dialect: ValueDialect, columns: ColumnTexts): ColumnCheck[] {
  return [...parsedColumns(columns)].flatMap(([column, { type }]) =>
    [...unreadable(dialect, type, [])].map((check) => ({ column, ...check })),
  );
}

function* unreadable(
  dialect: ValueDialect,
  type: ColumnType,
  steps: readonly CheckStep[],
): Iterable<Omit<ColumnCheck, "column">> {
  switch (type.kind) {
    case "json":
      return;
    case "scalar": {
      const { readable } = scalarAcceptance[type.name];
      if (readable !== undefined) yield { steps, ...readable(dialect) };
      return;
    }
    case "list":
      return yield* unreadable(dialect, type.items, [...steps, { each: "item" }]);
    case "map":
      return yield* unreadable(dialect, type.values, [...steps, { each: "value" }]);
    case "struct":
      for (const { name, type: member } of type.members) yield* unreadable(dialect, member, [...steps, name]);
  }
}

/** Gathers checks by column, in the order of the columns. */
export function byColumn(
  checks: readonly ColumnCheck[],
  shapeOf: (column: string) => ValueShape,
): CheckedColumn[] {
  const gathered = new Map<string, ColumnCheck[]>();
  for (const check of checks) {
    const known = gathered.get(check.column);
    if (known === undefined) gathered.set(check.column, [check]);
    else known.push(check);
  }
  return [...gathered].map(([name, own]) => ({ name, shape: shapeOf(name), checks: own }));
}

/** A column as a value to be checked. */
export function columnValue(
  dialect: ValueDialect,
  { name, shape }: Pick<CheckedColumn, "name" | "shape">,
): SqlValue {
  return typedValue(dialect, quoteIdentifier(name), shape);
}
