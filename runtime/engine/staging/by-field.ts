import { isTextual, type StoredType } from "../../columns/stored-type.ts";
import { quoteLiteral } from "../../dialect/sql-text.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import { InputError } from "../../errors.ts";
import type { ColumnCheck } from "./value-checks.ts";

/** Whose by-field columns are read, and which members they must have. */
export interface ByFieldSchema {
  readonly feature: string;
  readonly members: readonly string[];
}

/** A by-field column as a struct: its members are the feature's fields, no more, no fewer. */
export function byFieldSql(
  dialect: ValueDialect,
  name: string,
  arrived: StoredType | undefined,
  { members, feature }: ByFieldSchema,
): string {
  const text = dialect.scalars.VARCHAR.type;
  if (arrived === undefined)
    return dialect.nullOf(dialect.structType(members.map((member) => [member, text])));
  if (!holdsTexts(arrived, members)) {
    throw new InputError(
      "missing-provenance",
      `${name} of rows for ${feature} must be a STRUCT with one VARCHAR per field (${members.join(", ")}), and it is ${arrived.text}. Build it in the query: {${members.map((member) => `'${member}': …`).join(", ")}}.`,
      { feature, column: name, members },
    );
  }
  const value = (member: string) =>
    arrived.kind === "map" ? dialect.mapValue(name, quoteLiteral(member)) : dialect.member(name, member);
  const packed = members.map((member) => [member, dialect.cast(value(member), text)] as const);
  return `CASE WHEN ${name} IS NOT NULL THEN ${dialect.struct(packed)} END`;
}

function holdsTexts(type: StoredType, members: readonly string[]): boolean {
  if (type.kind === "map") return isTextual(type.keys) && isTextual(type.values);
  if (type.kind !== "struct" || type.members.length !== members.length) return false;
  return type.members.every((member) => members.includes(member.name) && isTextual(member.type));
}

/** Checks of a by-field column as it arrived: a MAP may have a key too many, which no cast reports. */
export function arrivedByFieldChecks(
  dialect: ValueDialect,
  name: string,
  arrived: StoredType | undefined,
  { members }: ByFieldSchema,
): ColumnCheck[] {
  if (arrived?.kind !== "map") return [];
  return [
    {
      column: name,
      steps: [],
      sql: dialect.hasAll(dialect.list(members.map(quoteLiteral)), dialect.mapKeys("$value")),
      code: "missing-provenance",
      message: `has a key that is not a field; its fields are ${members.join(", ")}`,
    },
  ];
}

/** Checks of a by-field column as a struct. */
export function byFieldChecks(
  dialect: ValueDialect,
  name: string,
  { members }: ByFieldSchema,
  isRequired: boolean,
): ColumnCheck[] {
  const present = members.map((member) => `${dialect.member("$value", member)} IS NOT NULL`).join(" AND ");
  return [
    {
      column: name,
      steps: [],
      sql: isRequired ? present : `$value IS NULL OR (${present})`,
      code: "missing-provenance",
      message: `must have one string for each field: ${members.join(", ")}`,
    },
  ];
}
