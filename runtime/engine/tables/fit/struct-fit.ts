import type { ColumnType } from "../../../columns/column-type.ts";
import type { StoredType } from "../../../columns/stored-type.ts";
import type { ValueDialect, ValueSql } from "../../../dialect/value-dialect.ts";
import { equalFit, refusedFit, strictest, type ValueFit } from "./value-fit.ts";

type Struct = Extract<ColumnType, { readonly kind: "struct" }>;

type StoredStruct = Extract<StoredType, { readonly kind: "struct" }>;

/** A member on one side or both. */
interface MemberFit {
  readonly name: string;
  readonly fit: ValueFit;
  readonly side: "both" | "stored" | "declared";
}

/** How a declared struct lies in a stored one; `inner` gives how a member does. */
export function structFit(
  dialect: ValueDialect,
  stored: StoredStruct,
  declared: Struct,
  inner: (stored: StoredType, declared: ColumnType) => ValueFit,
): ValueFit {
  if (hasTwin(stored, declared)) return refusedFit(dialect, stored.text, dialect.typeName(declared));
  const members = memberFits(dialect, stored, declared, inner);
  const verdict = strictest(members.map(({ fit }) => fit.verdict));
  const widenedType = dialect.structType(members.map(({ name, fit }) => [name, fit.widenedType]));
  if (verdict === "equal") return equalFit(widenedType);
  const isStored = ({ side }: MemberFit) => side !== "declared";
  const isDeclared = ({ side }: MemberFit) => side !== "stored";
  const ofDeclared = declared.members.flatMap(({ name }) => members.find((m) => m.name === name) ?? []);
  return {
    verdict,
    read: packed(dialect, ofDeclared, (member, sql, depth) =>
      isStored(member)
        ? member.fit.read(at(dialect, sql, member), depth)
        : dialect.nullOf(member.fit.widenedType),
    ),
    ...conditions(dialect, "readable", members.filter(isStored)),
    write: packed(dialect, members.filter(isStored), (member, sql, depth) =>
      isDeclared(member)
        ? member.fit.write(at(dialect, sql, member), depth)
        : dialect.nullOf(member.fit.widenedType),
    ),
    ...conditions(dialect, "writable", members.filter(isDeclared)),
    widen: packed(dialect, members, (member, sql, depth) =>
      isStored(member)
        ? member.fit.widen(at(dialect, sql, member), depth)
        : dialect.nullOf(member.fit.widenedType),
    ),
    widenedType,
    isPlain: members.every(({ fit }) => fit.isPlain),
  };
}

/** Whether a member differs from a stored one in case only: engines treat both as one. */
function hasTwin(stored: StoredStruct, declared: Struct): boolean {
  const there = new Map(stored.members.map(({ name }) => [name.toLowerCase(), name]));
  return declared.members.some(({ name }) => (there.get(name.toLowerCase()) ?? name) !== name);
}

/** Members in the order of the table, then those that it lacks. */
function memberFits(
  dialect: ValueDialect,
  stored: StoredStruct,
  declared: Struct,
  inner: (stored: StoredType, declared: ColumnType) => ValueFit,
): readonly MemberFit[] {
  const found = stored.members.map(({ name, type }): MemberFit => {
    const declaredMember = declared.members.find((member) => member.name === name);
    if (declaredMember === undefined) return { name, side: "stored", fit: undeclared(type.text) };
    return { name, side: "both", fit: inner(type, declaredMember.type) };
  });
  const names = new Set(stored.members.map(({ name }) => name));
  const lacking = declared.members
    .filter(({ name }) => !names.has(name))
    .map(({ name, type }): MemberFit => ({ name, side: "declared", fit: unstored(dialect.typeName(type)) }));
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
  dialect: ValueDialect,
  members: readonly MemberFit[],
  value: (member: MemberFit, sql: string, depth: number | undefined) => string,
): ValueSql {
  return (sql, depth) => {
    const values = members.map((member) => [member.name, value(member, sql, depth)] as const);
    return `CASE WHEN (${sql}) IS NOT NULL THEN ${dialect.struct(values)} END`;
  };
}

function conditions<Kind extends "readable" | "writable">(
  dialect: ValueDialect,
  kind: Kind,
  members: readonly MemberFit[],
): { readonly [kind in Kind]?: ValueSql } {
  const checked = members.filter(({ fit }) => fit[kind] !== undefined);
  if (checked.length === 0) return {};
  const all: ValueSql = (sql, depth) =>
    `((${sql}) IS NULL OR ${checked.map((member) => `(${member.fit[kind]?.(at(dialect, sql, member), depth)})`).join(" AND ")})`;
  return { [kind]: all } as { readonly [kind in Kind]?: ValueSql };
}

function at(dialect: ValueDialect, sql: string, { name }: MemberFit): string {
  return dialect.member(sql, name);
}
