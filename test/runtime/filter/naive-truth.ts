import type { Decimal, ModelFilter, ModelRow, ModelTerm, Value } from "./model-filter.ts";

/** Three values of SQL: true, false, unknown. */
export type Truth = boolean | null;

/** Whether a filter holds for a row: straight from the rules, one value at a time. */
export function truthOf(filter: ModelFilter, row: ModelRow): Truth {
  switch (filter.kind) {
    case "and":
      return not(anyOf(filter.operands.map((operand) => not(truthOf(operand, row)))));
    case "or":
      return anyOf(filter.operands.map((operand) => truthOf(operand, row)));
    case "not":
      return not(truthOf(filter.operand, row));
    case "comparison":
      return compare(filter.operator, filter.left, filter.right, row);
    case "in": {
      const column = filter.column.valueIn(row);
      const found = anyOf(filter.values.map((value) => holds("=", column, value.valueIn(row))));
      return filter.negated ? not(found) : found;
    }
    case "is-null":
      return (filter.term.valueIn(row) === null) !== filter.negated;
    case "truth":
      return filter.term.valueIn(row) as Truth;
  }
}

function compare(operator: string, left: ModelTerm, right: ModelTerm, row: ModelRow): Truth {
  const [a, b] = [left.valueIn(row), right.valueIn(row)];
  if (left.isNull || right.isNull) {
    const bothNull = a === null && b === null;
    const other = left.isNull ? b : a;
    if (operator === "=") return bothNull || other === null;
    if (operator !== "<" && operator !== ">" && operator !== "<=" && operator !== ">=") return other !== null;
  }
  return holds(operator, a, b);
}

function holds(operator: string, a: Value, b: Value): Truth {
  if (a === null || b === null) return null;
  const order = orderOf(a, b);
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
    case "<>":
      return order !== 0;
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    case "<=":
      return order <= 0;
    default:
      return order >= 0;
  }
}

function orderOf(a: NonNullable<Value>, b: NonNullable<Value>): number {
  if (typeof a === "string" && typeof b === "string") return orderOfTexts([...a], [...b]);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (typeof a === "number" || typeof b === "number") return orderOfDoubles(toDouble(a), toDouble(b));
  const [x, y] = [toFraction(a), toFraction(b)];
  const difference = x.numerator * y.denominator - y.numerator * x.denominator;
  return difference < 0n ? -1 : Number(difference > 0n);
}

function orderOfTexts(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const difference = (a[i]?.codePointAt(0) ?? 0) - (b[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** As in DuckDB, NaN is equal to itself and greater than the rest. */
function orderOfDoubles(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}

function toDouble(value: NonNullable<Value>): number {
  return Number(isDecimal(value) ? value.decimal : value);
}

function toFraction(value: NonNullable<Value>): { readonly numerator: bigint; readonly denominator: bigint } {
  if (!isDecimal(value)) return { numerator: BigInt(value as bigint), denominator: 1n };
  const [, sign, whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(value.decimal) ?? [];
  const digits = BigInt(`${whole}${fraction}`) * (sign === "-" ? -1n : 1n);
  const power = Number(exponent) - fraction.length;
  return power < 0
    ? { numerator: digits, denominator: 10n ** BigInt(-power) }
    : { numerator: digits * 10n ** BigInt(power), denominator: 1n };
}

function isDecimal(value: Value): value is Decimal {
  return typeof value === "object" && value !== null;
}

function anyOf(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(null) ? null : false;
}

function not(truth: Truth): Truth {
  return truth === null ? null : !truth;
}
