import { DuckDBListValue, DuckDBMapValue, DuckDBStructValue } from "@duckdb/node-api";
import type { ColumnType } from "../../columns/column-type.ts";
import { parseJson } from "../../columns/values/parse-json.ts";
import { type Decode, scalarCodecs } from "./scalar-codecs.ts";

/** The decoder of a column; null stays null. */
export function decoderOf(type: ColumnType): Decode {
  const decode = decodePresent(type);
  return (value) => (value === null ? null : decode(value));
}

function decodePresent(type: ColumnType): Decode {
  switch (type.kind) {
    case "scalar":
      return scalarCodecs[type.name].decode;
    case "json":
      return (value) => parseJson(String(value));
    case "list": {
      const decode = decoderOf(type.items);
      return (value) => (value instanceof DuckDBListValue ? value.items.map(decode) : value);
    }
    case "map": {
      const decode = decoderOf(type.values);
      return (value) =>
        value instanceof DuckDBMapValue
          ? Object.fromEntries(value.entries.map((entry) => [String(entry.key), decode(entry.value)]))
          : value;
    }
    case "struct": {
      const members = type.members.map((member) => [member.name, decoderOf(member.type)] as const);
      return (value) =>
        value instanceof DuckDBStructValue
          ? Object.fromEntries(members.map(([name, decode]) => [name, decode(value.entries[name] ?? null)]))
          : value;
    }
  }
}
