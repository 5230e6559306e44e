import type { ColumnType } from "../../../columns/column-type.ts";
import { scalarTypes } from "../../../columns/scalar-types.ts";
import { isScalar, nearestColumnType, type StoredType } from "../../../columns/stored-type.ts";
import type { ValueDialect, ValueSql } from "../../../dialect/value-dialect.ts";
import { scalarFit, sortsAlike } from "./scalar-fit.ts";
import { structFit } from "./struct-fit.ts";
import { asIs, equalFit, refusedFit, strictest, type ValueFit } from "./value-fit.ts";

/** What decides how a column's values are read, apart from the types. */
export interface FitUse {
  /** Whether the column identifies samples; groups are ordered by it. */
  readonly isId: boolean;
  /** Whether we made the table, and alone write to it: its texts are values, and not JSON that was written down. */
  readonly isOwn: boolean;
}

/**
 * How the declared type of a column lies in the type that its table has, nested types too (docs/semantics.md, section 3).
 */
export function columnFit(
  dialect: ValueDialect,
  stored: StoredType,
  declared: ColumnType,
  use: FitUse,
): ValueFit {
  const fit = fitOf(dialect, stored, declared, use);
  const { isId } = use;
  if (!isId || fit.verdict === "equal") return fit;
  if (declared.kind !== "scalar" || !sortsAlike(stored, declared.name))
    return refusedFit(dialect, stored.text, dialect.typeName(declared));
  // An id's type is never changed by itself.
  return fit.verdict === "widened" ? { ...fit, verdict: "kept" } : fit;
}

function fitOf(dialect: ValueDialect, stored: StoredType, declared: ColumnType, use: FitUse): ValueFit {
  if (declared.kind === "json") return jsonFit(dialect, stored, use.isOwn);
  if (stored.kind === "json") return fitInJson(dialect, declared);
  const inner = (type: StoredType, part: ColumnType) => fitOf(dialect, type, part, use);
  switch (declared.kind) {
    case "scalar":
      return scalarFit(dialect, stored, declared.name);
    case "list":
      if (stored.kind !== "list") break;
      return listFit(dialect, stored, declared, inner(stored.items, declared.items));
    case "map":
      if (stored.kind !== "map" || !isScalar(stored.keys, "utf8")) break;
      return mapFit(dialect, inner(stored.values, declared.values));
    case "struct":
      if (stored.kind !== "struct") break;
      return structFit(dialect, stored, declared, inner);
  }
  return refusedFit(dialect, stored.text, dialect.typeName(declared));
}

type Of<Type, Kind> = Extract<Type, { readonly kind: Kind }>;

function listFit(
  dialect: ValueDialect,
  stored: Of<StoredType, "list">,
  declared: ColumnType,
  item: ValueFit,
): ValueFit {
  const { length } = stored;
  if (length === undefined) return anyLengthFit(dialect, item);
  return fixedLengthFit(dialect, { ...stored, length }, declared, item);
}

/** Applies a fit to each item of a list. */
function anyLengthFit(dialect: ValueDialect, item: ValueFit): ValueFit {
  const widenedType = dialect.listType(item.widenedType);
  if (item.verdict === "equal") return equalFit(widenedType);
  const all = (condition: ValueSql): ValueSql => {
    return (sql, depth = 0) => dialect.everyItem(sql, `i${depth}`, condition(`i${depth}`, depth + 1));
  };
  const each = (change: ValueSql): ValueSql => {
    if (change === asIs) return asIs;
    return (sql, depth = 0) => dialect.mapItems(sql, `i${depth}`, change(`i${depth}`, depth + 1));
  };
  return { ...item, ...changed(item, each, all), widenedType };
}

/** A list of a fixed length holds lists of that length alone. */
function fixedLengthFit(
  dialect: ValueDialect,
  stored: Of<StoredType, "list"> & { readonly length: number },
  declared: ColumnType,
  item: ValueFit,
): ValueFit {
  const items = anyLengthFit(dialect, { ...item, verdict: strictest([item.verdict, "kept"]) });
  const ofList: ValueSql = (sql) => dialect.cast(`(${sql})`, dialect.listType(stored.items.text));
  const { readable, writable } = items;
  return {
    ...items,
    verdict: items.verdict === "widened" ? "kept" : items.verdict,
    read: (sql, depth) => dialect.tryCast(items.read(ofList(sql), depth), dialect.typeName(declared)),
    ...(readable === undefined ? {} : { readable: (sql, depth) => readable(ofList(sql), depth) }),
    write: (sql, depth) => dialect.tryCast(items.write(sql, depth), stored.text),
    writable: (sql, depth) =>
      `coalesce(${dialect.listLength(sql)} = ${stored.length}, true) AND ${writable?.(sql, depth) ?? "true"}`,
    widen: asIs,
    widenedType: stored.text,
  };
}

/** Applies a fit to each value of a map. */
function mapFit(dialect: ValueDialect, value: ValueFit): ValueFit {
  const widenedType = dialect.mapType(value.widenedType);
  if (value.verdict === "equal") return equalFit(widenedType);
  const all = (condition: ValueSql): ValueSql => {
    return (sql, depth = 0) =>
      dialect.everyItem(dialect.mapValues(sql), `v${depth}`, condition(`v${depth}`, depth + 1));
  };
  const each = (change: ValueSql): ValueSql => {
    if (change === asIs) return asIs;
    return (sql, depth = 0) => dialect.mapEachValue(sql, `v${depth}`, (entry) => change(entry, depth + 1));
  };
  return { ...value, ...changed(value, each, all), widenedType };
}

type Changes = Pick<ValueFit, "read" | "readable" | "write" | "writable" | "widen">;

function changed(
  { read, readable, write, writable, widen }: ValueFit,
  each: (change: ValueSql) => ValueSql,
  all: (condition: ValueSql) => ValueSql,
): Changes {
  return {
    read: each(read),
    ...(readable === undefined ? {} : { readable: all(readable) }),
    write: each(write),
    ...(writable === undefined ? {} : { writable: all(writable) }),
    widen: each(widen),
  };
}

/** How JSON lies in a stored type. Texts of a table of another program are JSON that it wrote down. */
function jsonFit(dialect: ValueDialect, stored: StoredType, isOwn: boolean): ValueFit {
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
function fitInJson(dialect: ValueDialect, declared: ColumnType): ValueFit {
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
