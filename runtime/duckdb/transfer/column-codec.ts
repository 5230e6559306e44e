import type { DuckDBValue } from "@duckdb/node-api";
import type { ColumnType, StructMember } from "../../columns/column-type.ts";
import { buildObjects } from "../../columns/values/build-objects.ts";
import { parseJson } from "../../columns/values/parse-json.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { type ColumnCodec, listCodec, textCodec } from "./block-codecs.ts";
import { decoderOf } from "./decode-value.ts";
import { scalarCodecs } from "./scalar-codecs.ts";

/** How a column crosses by the block, `sql` being the column or a part of it. */
export function columnCodec(type: ColumnType, sql: string): ColumnCodec {
  switch (type.kind) {
    case "scalar":
      return scalarCodecs[type.name].block(sql);
    case "json":
      return textCodec(sql, `${sql}::VARCHAR`, parseJson);
    case "struct":
      return structCodec(type.members, sql);
    case "list":
      // JSON has texts as they are, and one text costs less than many.
      return type.items.kind === "scalar" && type.items.name === "VARCHAR"
        ? textCodec(sql, `to_json(${sql})::VARCHAR`, JSON.parse)
        : listCodec(sql, decodeEach(type));
    case "map":
      return listCodec(sql, decodeEach(type));
  }
}

function decodeEach(type: ColumnType): (values: readonly DuckDBValue[]) => unknown[] {
  const decode = decoderOf(type);
  return (values) => values.map(decode);
}

function structCodec(members: readonly StructMember[], sql: string): ColumnCodec {
  const codecs = members.map(({ name, type }) => columnCodec(type, `(${sql}).${quoteIdentifier(name)}`));
  const starts = codecs.map((_, index) =>
    codecs.slice(0, index).reduce((sum, { parts }) => sum + parts.length, 1),
  );
  const build = buildObjects(members.map(({ name }) => name));
  return {
    parts: [
      `string_agg(CASE WHEN ${sql} IS NULL THEN '0' ELSE '1' END, '')`,
      ...codecs.flatMap(({ parts }) => parts),
    ],
    bytes: codecs.flatMap(({ bytes }) => bytes),
    decode: (parts, rows) => {
      const present = String(parts[0]);
      const columns = codecs.map((codec, index) =>
        codec.decode(parts.slice(starts[index], (starts[index] ?? 0) + codec.parts.length), rows),
      );
      if (!columns.every((column) => column !== undefined)) return undefined;
      const objects: unknown[] = build(columns, rows);
      return present.includes("0")
        ? objects.map((value, row) => (present[row] === "0" ? null : value))
        : objects;
    },
    unbounded: codecs.some(({ unbounded }) => unbounded),
  };
}
