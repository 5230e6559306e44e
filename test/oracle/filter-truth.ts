import { byCodePoint } from "./code-point-order.ts";
import { parseFilter } from "./filter-parser.ts";
import type { FilterTree, Operand } from "./filter-tree.ts";
import { OracleError } from "./oracle-error.ts";
import type { Row } from "./row.ts";
import type { PropertySchema } from "./spec-document.ts";

export type Columns = Readonly<Record<string, PropertySchema>>;

/** Three values of SQL: true, false, unknown. */
type Truth = boolean | null;

/** Reads filters as a test of rows: all must be true. A column that is not there is refused, rows or not. */
export function allHold(filters: readonly string[], columns: Columns): (row: Row) => boolean {
  const tests = filters.map((filter) => compile(filter, columns));
  return (row) => tests.every((test) => test(row) === true);
}

/** Reads filters as a test of rows: one must be true. */
export function anyHolds(filters: readonly string[], columns: Columns): (row: Row) => boolean {
  const tests = filters.map((filter) => compile(filter, columns));
  return (row) => tests.some((test) => test(row) === true);
}

function compile(filter: string, columns: Columns): (row: Row) => Truth {
  return compileTree(parseFilter(filter), columns);
}

function compileTree(tree: FilterTree, columns: Columns): (row: Row) => Truth {
  switch (tree.kind) {
    case "or": {
      const terms = tree.terms.map((term) => compileTree(term, columns));
      return (row) => or(terms.map((term) => term(row)));
    }
    case "and": {
      const terms = tree.terms.map((term) => compileTree(term, columns));
      return (row) => not(or(terms.map((term) => not(term(row)))));
    }
    case "not": {
      const term = compileTree(tree.term, columns);
      return (row) => not(term(row));
    }
    case "truth": {
      const operand = compileOperand(tree.operand, columns);
      return (row) => operand.read(row) as Truth;
    }
    case "isNull": {
      const operand = compileOperand(tree.operand, columns);
      return (row) => operand.read(row) === null;
    }
    case "in": {
      const equals = tree.list.map((item) => compileComparison("=", tree.operand, item, columns, "sql"));
      return (row) => or(equals.map((test) => test(row)));
    }
    case "compare":
      return compileComparison(tree.operator, tree.left, tree.right, columns, "null-means-is-null");
  }
}

function compileComparison(
  operator: string,
  left: Operand,
  right: Operand,
  columns: Columns,
  nulls: "sql" | "null-means-is-null",
): (row: Row) => Truth {
  const a = compileOperand(left, columns);
  const b = compileOperand(right, columns);
  if (nulls === "null-means-is-null" && (isNullLiteral(left) || isNullLiteral(right))) {
    const other = isNullLiteral(left) ? b : a;
    if (operator === "=") return (row) => other.read(row) === null;
    if (operator === "!=" || operator === "<>") return (row) => other.read(row) !== null;
  }
  const format = a.format ?? b.format;
  return (row) => {
    const x = a.read(row);
    const y = b.read(row);
    if (x === null || y === null) return null;
    return accepts(operator, compareValues(ordered(x, format), ordered(y, format)));
  };
}

interface CompiledOperand {
  readonly format: string | undefined;
  read(row: Row): unknown;
}

function compileOperand(operand: Operand, columns: Columns): CompiledOperand {
  if (operand.kind === "literal") return { format: undefined, read: () => operand.value };
  const { name } = operand;
  const schema = columns[name];
  if (schema !== undefined) return { format: schema.format, read: (row) => row[name] ?? null };
  const dot = name.indexOf(".");
  const member = columns[name.slice(0, dot)]?.properties?.[name.slice(dot + 1)];
  if (dot < 0 || member === undefined) throw new OracleError("unknown-column", `no column ${name}`);
  return {
    format: member.format,
    read: (row) => (row[name.slice(0, dot)] as Row | null | undefined)?.[name.slice(dot + 1)] ?? null,
  };
}

/** The value in the form in which it is ordered: a moment in microseconds, everything else as it is. */
function ordered(value: unknown, format: string | undefined): unknown {
  return format === "date-time" && typeof value === "string" ? microseconds(value) : value;
}

/** Microseconds since 1970 of an RFC 3339 text; without an offset it is UTC. */
function microseconds(text: string): bigint {
  const match =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/i.exec(text);
  if (match === null) throw new OracleError("filter-syntax", `not a moment: ${text}`);
  const [, day, time = "00:00:00", fraction = "", offset = "Z"] = match;
  const seconds = Date.parse(`${day}T${time}${offset.length === 3 ? `${offset}:00` : offset}`);
  return BigInt(seconds) * 1000n + BigInt(fraction.padEnd(6, "0"));
}

function compareValues(left: unknown, right: unknown): number {
  if (typeof left === "string" && typeof right === "string") return byCodePoint(left, right);
  const [a, b] = [left as number, right as number];
  return a < b ? -1 : Number(a > b);
}

function accepts(operator: string, order: number): boolean {
  switch (operator) {
    case "=":
      return order === 0;
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    case "<=":
      return order <= 0;
    case ">=":
      return order >= 0;
    default:
      return order !== 0;
  }
}

function isNullLiteral(operand: Operand): boolean {
  return operand.kind === "literal" && operand.value === null;
}

function or(values: readonly Truth[]): Truth {
  if (values.includes(true)) return true;
  return values.includes(null) ? null : false;
}

function not(value: Truth): Truth {
  return value === null ? null : !value;
}
