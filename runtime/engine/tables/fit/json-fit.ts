import type { ColumnType } from "../../../columns/column-type.ts";
import { scalarTypes } from "../../../columns/scalar-types.ts";
import { isScalar, nearestColumnType, type StoredType } from "../../../columns/stored-type.ts";
import type { ValueDialect, ValueSql } from "../../../dialect/value-dialect.ts";
import { asIs, equalFit, refusedFit, type ValueFit } from "./value-fit.ts";

/** How JSON lies in a stored type. Texts of a table of another program are JSON that it wrote down. */
export function jsonFit(dialect: ValueDialect, stored: StoredType, isOwn: boolean): ValueFit {
  const { json } = dialect;
  if (stored.kind === "json") return equalFit(stored.text);
  if (isScalar(stored, "utf8") && !isOwn)
    return {
      verdict: "kept",
      read: json.tryParse,
      readable: json.isValid,
      write: (sql) => dialect.cast(`(${sql})`, stored.text),
      widen: asIs,
      widenedType: stored.text,
      isPlain: true,
    };
  if (!isPlainInJson(stored)) return refusedFit(dialect, stored.text, dialect.typeName({ kind: "json" }));
  const readable = readableInJson(dialect, stored);
  return {
    verdict: "widened",
    read: json.of,
    ...(readable === undefined ? {} : { readable }),
    write: () => dialect.nullOf(stored.text),
    writable: (sql) => `(${sql}) IS NULL`,
    widen: json.of,
    widenedType: dialect.typeName({ kind: "json" }),
    isPlain: false,
  };
}

/** How a declared type lies in a stored JSON column, as an earlier reading of a schema may have left it. */
export function fitInJson(dialect: ValueDialect, declared: ColumnType): ValueFit {
  const { value, isOne } = dialect.json.reading(declared);
  const write = dialect.json.of;
  return {
    verdict: "widened",
    read: value,
    readable: isOne,
    write,
    writable: (sql, depth) => `${value(write(sql), depth)} IS NOT DISTINCT FROM ${sql}`,
    widen: value,
    widenedType: dialect.typeName(declared),
    isPlain: false,
  };
}

/** Whether a table of ours uses the type for a scalar whose values every program prints as the same JSON. */
function isPlainInJson(stored: StoredType): boolean {
  const nearest = nearestColumnType(stored);
  if (stored.kind !== "scalar" || nearest.kind !== "scalar") return false;
  const { storage, inJson } = scalarTypes[nearest.name];
  return storage === stored.name && inJson !== "none";
}

/** Which values JSON has: JavaScript reads its numbers as doubles. Absent where it has all of them. */
function readableInJson(dialect: ValueDialect, stored: StoredType): ValueSql | undefined {
  if (isScalar(stored, "int64"))
    return (sql) => `coalesce(abs(${dialect.wideInteger(sql)}) <= ${Number.MAX_SAFE_INTEGER}, true)`;
  if (isScalar(stored, "float64")) return (sql) => `coalesce(${dialect.isFinite(sql)}, true)`;
  return undefined;
}
