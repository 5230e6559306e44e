import {
  BIGINT,
  BIGNUM,
  BLOB,
  BOOLEAN,
  DATE,
  DOUBLE,
  type DuckDBType,
  DuckDBTypeId,
  FLOAT,
  HUGEINT,
  INTEGER,
  INTERVAL,
  SMALLINT,
  TIME,
  TIMESTAMP,
  TIMESTAMP_MS,
  TIMESTAMP_NS,
  TIMESTAMP_S,
  TIMESTAMPTZ,
  TINYINT,
  UBIGINT,
  UHUGEINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  UUID,
  VARCHAR,
} from "@duckdb/node-api";
import type { StoredScalar, StoredType } from "../columns/stored-type.ts";
import { quoteIdentifier } from "../dialect/sql-text.ts";

/** DuckDB's type of each stored scalar. */
export const duckdbTypes: Readonly<Record<StoredScalar, DuckDBType>> = {
  utf8: VARCHAR,
  bool: BOOLEAN,
  int8: TINYINT,
  int16: SMALLINT,
  int32: INTEGER,
  int64: BIGINT,
  int128: HUGEINT,
  uint8: UTINYINT,
  uint16: USMALLINT,
  uint32: UINTEGER,
  uint64: UBIGINT,
  uint128: UHUGEINT,
  bignum: BIGNUM,
  float32: FLOAT,
  float64: DOUBLE,
  date: DATE,
  time: TIME,
  timestamp_s: TIMESTAMP_S,
  timestamp_ms: TIMESTAMP_MS,
  timestamp_us: TIMESTAMP,
  timestamp_ns: TIMESTAMP_NS,
  timestamptz_us: TIMESTAMPTZ,
  uuid: UUID,
  binary: BLOB,
  interval: INTERVAL,
};

const names: ReadonlyMap<DuckDBTypeId, StoredScalar> = new Map(
  Object.entries(duckdbTypes).map(([name, { typeId }]) => [typeId, name as StoredScalar]),
);

/** Converts a type that DuckDB reports; JSON is recognised at every depth. */
export function storedTypeOf(type: DuckDBType): StoredType {
  switch (type.typeId) {
    case DuckDBTypeId.LIST: {
      const items = storedTypeOf(type.valueType);
      return { kind: "list", items, text: `${items.text}[]` };
    }
    case DuckDBTypeId.ARRAY: {
      const items = storedTypeOf(type.valueType);
      return { kind: "list", items, length: type.length, text: `${items.text}[${type.length}]` };
    }
    case DuckDBTypeId.MAP: {
      const [keys, values] = [storedTypeOf(type.keyType), storedTypeOf(type.valueType)];
      return { kind: "map", keys, values, text: `MAP(${keys.text}, ${values.text})` };
    }
    case DuckDBTypeId.STRUCT: {
      const members = type.entryNames.map((name, index) => ({
        name,
        type: storedTypeOf(type.entryTypes[index] ?? VARCHAR),
      }));
      const printed = members.map((member) => `${quoteIdentifier(member.name)} ${member.type.text}`);
      return { kind: "struct", members, text: `STRUCT(${printed.join(", ")})` };
    }
    case DuckDBTypeId.ENUM:
      return { kind: "enum", text: String(type) };
    case DuckDBTypeId.DECIMAL:
      return { kind: "decimal", precision: type.width, scale: type.scale, text: String(type) };
    default: {
      // DuckDB keeps JSON as a text under another name.
      if (type.alias === "JSON") return { kind: "json", text: "JSON" };
      const text = String(type);
      const name = names.get(type.typeId);
      return name === undefined ? { kind: "other", text } : { kind: "scalar", name, text };
    }
  }
}
