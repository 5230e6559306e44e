import { type ColumnType, parseColumn } from "../../columns/column-type.ts";
import type { CheckStep, ValueCheck } from "../../contract.ts";
import { checkOf, type LocatedCheck, typedValue, type ValueShape } from "../../dialect/check-sql.ts";
import { locatedCheck, refusesNull } from "../../dialect/located-check.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { InputErrorCode } from "../../errors.ts";

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

/** The constraints of a plan on the columns that there are. */
export function constraintChecks(
  checks: readonly ValueCheck[],
  columns: { readonly [column: string]: string },
): ColumnCheck[] {
  return checks
    .filter(({ at: [column] }) => Object.hasOwn(columns, column))
    .map((check) => {
      const [column] = check.at;
      const located = locatedCheck(check, parseColumn(columns[column] ?? "VARCHAR").type);
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
export function readableChecks(columns: { readonly [column: string]: string }): ColumnCheck[] {
  return Object.entries(columns).flatMap(([column, text]) =>
    [...unreadable(parseColumn(text).type, [])].map((check) => ({ column, ...check })),
  );
}

type TypeCheck = Omit<ColumnCheck, "column">;

function* unreadable(type: ColumnType, steps: readonly CheckStep[]): Iterable<TypeCheck> {
  switch (type.kind) {
    case "json":
      return;
    case "scalar": {
      const check = unreadableScalars[type.name];
      if (check !== undefined) yield { steps, ...check };
      return;
    }
    case "list":
      return yield* unreadable(type.items, [...steps, { each: "item" }]);
    case "map":
      return yield* unreadable(type.values, [...steps, { each: "value" }]);
    case "struct":
      for (const { name, type: member } of type.members) yield* unreadable(member, [...steps, name]);
  }
}

const outOfRange = {
  code: "wrong-type",
  message: "is infinite, or not within the years 0 to 9999",
} as const;

const unreadableScalars: Readonly<Record<string, Omit<TypeCheck, "steps">>> = {
  BIGINT: {
    sql: "$value BETWEEN -9007199254740991 AND 9007199254740991",
    code: "unsafe-integer",
    message: 'is beyond 2^53; declare it with "format": "int64"',
  },
  DATE: { sql: "$value BETWEEN '0000-01-01'::DATE AND '9999-12-31'::DATE", ...outOfRange },
  TIMESTAMPTZ: {
    sql: "$value >= '0000-01-01 00:00:00+00'::TIMESTAMPTZ AND $value < '10000-01-01 00:00:00+00'::TIMESTAMPTZ",
    ...outOfRange,
  },
};

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
export function columnValue({
  name,
  shape,
}: Pick<CheckedColumn, "name" | "shape">): ReturnType<typeof typedValue> {
  return typedValue(quoteIdentifier(name), shape);
}
