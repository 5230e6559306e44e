import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import { structType } from "../tables/relation.ts";
import { type DuckType, parseDuckType } from "./duck-type.ts";
import type { ColumnCheck } from "./value-checks.ts";

/** Whose by-field columns are read, and which members they must have. */
export interface ByFieldSchema {
  readonly feature: string;
  readonly members: readonly string[];
}

/** A by-field column as a struct: its members are the feature's fields, no more, no fewer. */
export function byFieldSql(
  name: string,
  arrived: string | undefined,
  { members, feature }: ByFieldSchema,
): string {
  if (arrived === undefined) return `NULL::${structType(members)}`;
  const type = parseDuckType(arrived);
  if (!holdsTexts(type, members)) {
    throw new InputError(
      "missing-provenance",
      `${name} of rows for ${feature} must be a STRUCT with one VARCHAR per field (${members.join(", ")}), and it is ${arrived}. Build it in the query: {${members.map((member) => `'${member}': …`).join(", ")}}.`,
      { feature, column: name, members },
    );
  }
  const value = (member: string) =>
    type.kind === "map" ? `${name}[${quoteLiteral(member)}]` : `${name}.${quoteIdentifier(member)}`;
  const packed = members.map((member) => `${quoteIdentifier(member)} := ${value(member)}::VARCHAR`);
  return `CASE WHEN ${name} IS NOT NULL THEN struct_pack(${packed.join(", ")}) END`;
}

function holdsTexts(type: DuckType, members: readonly string[]): boolean {
  if (type.kind === "map") return isText(type.keys) && isText(type.values);
  if (type.kind !== "struct" || type.members.length !== members.length) return false;
  return type.members.every((member) => members.includes(member.name) && isText(member.type));
}

/** A NULL that stands for a text arrives as an INTEGER; that it is null is told when members are checked. */
function isText({ text }: DuckType): boolean {
  return /^(VARCHAR|ENUM\(.*\))$/s.test(text);
}

/** Checks of a by-field column as it arrived: a MAP may have a key too many, which no cast would tell. */
export function arrivedByFieldChecks(
  name: string,
  arrived: string | undefined,
  { members }: ByFieldSchema,
): ColumnCheck[] {
  if (arrived === undefined || !arrived.startsWith("MAP(")) return [];
  const known = members.map(quoteLiteral).join(", ");
  return [
    {
      column: name,
      steps: [],
      sql: `list_has_all([${known}], map_keys($value))`,
      code: "missing-provenance",
      message: `has a key that is not a field; its fields are ${members.join(", ")}`,
    },
  ];
}

/** Checks of a by-field column as a struct. */
export function byFieldChecks(name: string, { members }: ByFieldSchema, isRequired: boolean): ColumnCheck[] {
  const present = members.map((member) => `$value.${quoteIdentifier(member)} IS NOT NULL`).join(" AND ");
  return [
    {
      column: name,
      steps: [],
      sql: isRequired ? present : `$value IS NULL OR (${present})`,
      code: "missing-provenance",
      message: `must have one text for each field: ${members.join(", ")}`,
    },
  ];
}
