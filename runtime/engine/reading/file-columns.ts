import type { ColumnType } from "../../columns/column-type.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import type { FileFormat, ReadColumn } from "../engine.ts";

/** SQL of a column as files of a format hold it. */
export function fileColumn(
  dialect: ValueDialect,
  format: FileFormat,
  { name, type, from = name }: ReadColumn,
): string {
  const value = quoteIdentifier(from);
  return `${forms[format](dialect, type, value)} AS ${quoteIdentifier(name)}`;
}

/** SQL of a column without rows. */
export function emptyFileColumn(
  dialect: ValueDialect,
  format: FileFormat,
  { name, type }: ReadColumn,
): string {
  return `${forms[format](dialect, type, dialect.nullOf(dialect.typeName(type)))} AS ${quoteIdentifier(name)}`;
}

type Form = (dialect: ValueDialect, type: ColumnType, value: string) => string;

const forms: Readonly<Record<FileFormat, Form>> = {
  parquet: (dialect, type, value) => dialect.cast(value, dialect.typeName(type)),
  csv: (dialect, type, value) => {
    const text = (sql: string) => dialect.cast(sql, dialect.scalars.VARCHAR.type);
    if (type.kind === "json") return text(value);
    if (type.kind !== "scalar") return text(dialect.json.of(asJson(dialect, type, value)));
    return type.name === "TIMESTAMPTZ" ? dialect.formatTime(value) : text(value);
  },
  json: asJson,
};

/** A value that engines turn into the JSON that rows in JavaScript have: times in RFC 3339, no bare NaN. */
function asJson(dialect: ValueDialect, type: ColumnType, value: string, depth = 0): string {
  if (isPlain(type)) return value;
  const parameter = `stemma_f${depth}`;
  const inside = (part: ColumnType, sql: string) => asJson(dialect, part, sql, depth + 1);
  switch (type.kind) {
    case "scalar":
      return type.name === "DOUBLE" ? dialect.json.ofNumber(value) : dialect.formatTime(value);
    case "json":
      return value;
    case "list":
      return dialect.mapItems(value, parameter, inside(type.items, parameter));
    case "map":
      return dialect.mapEachValue(value, parameter, (sql) => inside(type.values, sql));
    case "struct": {
      const members = type.members.map(
        (member) => [member.name, inside(member.type, dialect.member(value, member.name))] as const,
      );
      return `CASE WHEN ${value} IS NOT NULL THEN ${dialect.struct(members)} END`;
    }
  }
}

/** Whether an engine's own JSON of a type is the one of rows. */
function isPlain(type: ColumnType): boolean {
  switch (type.kind) {
    case "scalar":
      return type.name !== "DOUBLE" && type.name !== "TIMESTAMPTZ";
    case "json":
      return true;
    case "list":
      return isPlain(type.items);
    case "map":
      return isPlain(type.values);
    case "struct":
      return type.members.every((member) => isPlain(member.type));
  }
}
