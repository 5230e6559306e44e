import { type DuckDBType, DuckDBTypeId } from "@duckdb/node-api";
import type { ColumnType } from "../../../columns/column-type.ts";
import { quoteIdentifier } from "../../../dialect/sql-text.ts";
import { declaredTypeSql, isJson, storedTypeSql, structMembers } from "../stored-type.ts";
import { fitInJson, jsonInPlain, jsonInText, plainInJson } from "./json-fit.ts";
import { scalarFit, sortsAlike } from "./scalar-fit.ts";
import { asIs, equalFit, refusedFit, strictest, type ValueFit, type ValueSql } from "./value-fit.ts";

/** What decides how a column's values are read, beside the types. */
export interface FitUse {
  /** Whether samples are told apart, and groups ordered, by the column. */
  readonly isId: boolean;
  /** Whether we made the table, and alone write to it: its texts are no JSON that somebody wrote down. */
  readonly isOwn: boolean;
}

/**
 * How the declared type of a column lies in the type that its table has, nested types too (behaviour, "Versions of
 * samples").
 */
export function columnFit(stored: DuckDBType, declared: ColumnType, use: FitUse): ValueFit {
  const fit = fitOf(stored, declared, use);
  const { isId } = use;
  if (!isId || fit.verdict === "equal") return fit;
  if (declared.kind !== "scalar" || isJson(stored) || !sortsAlike(stored, declared.name))
    return refusedFit(storedTypeSql(stored), declaredTypeSql(declared));
  // An id's type is never changed by itself.
  return fit.verdict === "widened" ? { ...fit, verdict: "kept" } : fit;
}

function fitOf(stored: DuckDBType, declared: ColumnType, use: FitUse): ValueFit {
  if (declared.kind === "json") return jsonFit(stored, use);
  if (isJson(stored)) return fitInJson(declared);
  switch (declared.kind) {
    case "scalar":
      return scalarFit(stored, declared.name);
    case "list":
      if (stored.typeId === DuckDBTypeId.LIST) return listFit(fitOf(stored.valueType, declared.items, use));
      if (stored.typeId === DuckDBTypeId.ARRAY)
        return arrayFit(stored, declared, fitOf(stored.valueType, declared.items, use));
      break;
    case "map":
      if (stored.typeId === DuckDBTypeId.MAP && stored.keyType.typeId === DuckDBTypeId.VARCHAR)
        return mapFit(fitOf(stored.valueType, declared.values, use));
      break;
    case "struct":
      if (stored.typeId === DuckDBTypeId.STRUCT) return structFit(stored, declared, use);
  }
  return refusedFit(storedTypeSql(stored), declaredTypeSql(declared));
}

function jsonFit(stored: DuckDBType, { isOwn }: FitUse): ValueFit {
  const type = storedTypeSql(stored);
  if (type === "JSON") return equalFit(type);
  if (type === "VARCHAR" && !isOwn) return jsonInText;
  return plainInJson.has(type) ? jsonInPlain(type) : refusedFit(type, "JSON");
}

/** Applies a fit to each item of a list. */
function listFit(item: ValueFit): ValueFit {
  if (item.verdict === "equal") return equalFit(`${item.widenedType}[]`);
  const all = (condition: ValueSql): ValueSql => {
    return (sql, depth = 0) =>
      `coalesce(list_bool_and(list_transform(${sql}, lambda i${depth}: ${condition(`i${depth}`, depth + 1)})), true)`;
  };
  const each = (change: ValueSql): ValueSql => {
    if (change === asIs) return asIs;
    return (sql, depth = 0) => `list_transform(${sql}, lambda i${depth}: ${change(`i${depth}`, depth + 1)})`;
  };
  return {
    ...item,
    ...changed(item, each, all),
    widenedType: `${item.widenedType}[]`,
  };
}

/** A list of a fixed length holds lists of that length alone. */
function arrayFit(
  stored: Extract<DuckDBType, { readonly typeId: DuckDBTypeId.ARRAY }>,
  declared: ColumnType,
  item: ValueFit,
): ValueFit {
  const items = listFit({ ...item, verdict: strictest([item.verdict, "kept"]) });
  const list = `${storedTypeSql(stored.valueType)}[]`;
  const array = storedTypeSql(stored);
  const ofList: ValueSql = (sql) => `(${sql})::${list}`;
  const { readable, writable } = items;
  return {
    ...items,
    verdict: strictest([items.verdict === "widened" ? "kept" : items.verdict]),
    read: (sql, depth) => `TRY_CAST(${items.read(ofList(sql), depth)} AS ${declaredTypeSql(declared)})`,
    ...(readable === undefined ? {} : { readable: (sql, depth) => readable(ofList(sql), depth) }),
    write: (sql, depth) => `TRY_CAST(${items.write(sql, depth)} AS ${array})`,
    writable: (sql, depth) =>
      `coalesce(len(${sql}) = ${stored.length}, true) AND ${writable?.(sql, depth) ?? "true"}`,
    widen: asIs,
    widenedType: array,
  };
}

/** Applies a fit to each value of a map. */
function mapFit(value: ValueFit): ValueFit {
  if (value.verdict === "equal") return equalFit(`MAP(VARCHAR, ${value.widenedType})`);
  const all = (condition: ValueSql): ValueSql => {
    return (sql, depth = 0) =>
      `coalesce(list_bool_and(list_transform(map_values(${sql}), lambda v${depth}: ${condition(`v${depth}`, depth + 1)})), true)`;
  };
  const each = (change: ValueSql): ValueSql => {
    if (change === asIs) return asIs;
    return (sql, depth = 0) =>
      `map_from_entries(list_transform(map_entries(${sql}), lambda v${depth}:
         struct_pack(key := v${depth}.key, value := ${change(`v${depth}.value`, depth + 1)})))`;
  };
  return { ...value, ...changed(value, each, all), widenedType: `MAP(VARCHAR, ${value.widenedType})` };
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

type Struct = Extract<ColumnType, { readonly kind: "struct" }>;

/** A member on one side or both. */
interface MemberFit {
  readonly name: string;
  readonly fit: ValueFit;
  readonly side: "both" | "stored" | "declared";
}

function structFit(stored: DuckDBType, declared: Struct, use: FitUse): ValueFit {
  if (hasTwin(stored, declared)) return refusedFit(storedTypeSql(stored), declaredTypeSql(declared));
  const members = memberFits(stored, declared, use);
  const verdict = strictest(members.map(({ fit }) => fit.verdict));
  const types = members.map(({ name, fit }) => `${quoteIdentifier(name)} ${fit.widenedType}`);
  const widenedType = `STRUCT(${types.join(", ")})`;
  if (verdict === "equal") return equalFit(widenedType);
  const isStored = ({ side }: MemberFit) => side !== "declared";
  const isDeclared = ({ side }: MemberFit) => side !== "stored";
  const ofDeclared = declared.members.flatMap(({ name }) => members.find((m) => m.name === name) ?? []);
  return {
    verdict,
    read: packed(ofDeclared, (member, sql, depth) =>
      isStored(member) ? member.fit.read(at(sql, member), depth) : `NULL::${typeOf(declared, member)}`,
    ),
    ...conditions("readable", members.filter(isStored)),
    write: packed(members.filter(isStored), (member, sql, depth) =>
      isDeclared(member) ? member.fit.write(at(sql, member), depth) : `NULL::${member.fit.widenedType}`,
    ),
    ...conditions("writable", members.filter(isDeclared)),
    widen: packed(members, (member, sql, depth) =>
      isStored(member) ? member.fit.widen(at(sql, member), depth) : `NULL::${member.fit.widenedType}`,
    ),
    widenedType,
    isPlain: members.every(({ fit }) => fit.isPlain),
  };
}

/** Whether a member differs from a stored one in case alone: DuckDB does not tell the two apart. */
function hasTwin(stored: DuckDBType, declared: Struct): boolean {
  const there = new Map(structMembers(stored).map(({ name }) => [name.toLowerCase(), name]));
  return declared.members.some(({ name }) => (there.get(name.toLowerCase()) ?? name) !== name);
}

/** Members in the order of the table, then those that it lacks. */
function memberFits(stored: DuckDBType, declared: Struct, use: FitUse): readonly MemberFit[] {
  const there = structMembers(stored);
  const found = there.map(({ name, type }): MemberFit => {
    const declaredMember = declared.members.find((member) => member.name === name);
    if (declaredMember === undefined) return { name, side: "stored", fit: undeclared(storedTypeSql(type)) };
    return { name, side: "both", fit: fitOf(type, declaredMember.type, use) };
  });
  const names = new Set(there.map(({ name }) => name));
  const lacking = declared.members
    .filter(({ name }) => !names.has(name))
    .map(({ name, type }): MemberFit => ({ name, side: "declared", fit: unstored(declaredTypeSql(type)) }));
  return [...found, ...lacking];
}

/** A member that the spec does not declare: where it holds something, reading would lose it. */
function undeclared(type: string): ValueFit {
  return { ...equalFit(type), verdict: "kept", readable: (sql) => `(${sql}) IS NULL` };
}

/** A member that the table lacks. */
function unstored(type: string): ValueFit {
  return { ...equalFit(type), verdict: "widened", writable: (sql) => `(${sql}) IS NULL` };
}

function packed(
  members: readonly MemberFit[],
  value: (member: MemberFit, sql: string, depth: number | undefined) => string,
): ValueSql {
  return (sql, depth) => {
    const values = members.map((member) => `${quoteIdentifier(member.name)} := ${value(member, sql, depth)}`);
    return `CASE WHEN (${sql}) IS NOT NULL THEN struct_pack(${values.join(", ")}) END`;
  };
}

function conditions<Kind extends "readable" | "writable">(
  kind: Kind,
  members: readonly MemberFit[],
): { readonly [kind in Kind]?: ValueSql } {
  const checked = members.filter(({ fit }) => fit[kind] !== undefined);
  if (checked.length === 0) return {};
  const all: ValueSql = (sql, depth) =>
    `((${sql}) IS NULL OR ${checked.map((member) => `(${member.fit[kind]?.(at(sql, member), depth)})`).join(" AND ")})`;
  return { [kind]: all } as { readonly [kind in Kind]?: ValueSql };
}

function at(sql: string, { name }: MemberFit): string {
  return `(${sql}).${quoteIdentifier(name)}`;
}

function typeOf({ members }: Struct, { name }: MemberFit): string {
  const member = members.find((one) => one.name === name);
  return member === undefined ? "VARCHAR" : declaredTypeSql(member.type);
}
