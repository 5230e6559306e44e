import {
  DuckDBDateValue,
  DuckDBTimestampTZValue,
  DuckDBUUIDValue,
  type DuckDBValue,
  listValue,
  mapValue,
  structValue,
} from "@duckdb/node-api";
import { type ColumnType, printType, type ScalarName } from "../../column-type.ts";
import { checked, WrongValue } from "./checked.ts";

/** Turns a value of a row to write into a value of DuckDB; throws a {@link WrongValue} where it does not fit. */
export type Encode = (value: unknown) => DuckDBValue;

/** The encoder of a column; null and undefined become NULL. */
export function encoderOf(type: ColumnType): Encode {
  const encode = encodePresent(type);
  return (value) => (value === null || value === undefined ? null : encode(value));
}

function encodePresent(type: ColumnType): Encode {
  switch (type.kind) {
    case "scalar":
      return scalarEncoders[type.name];
    case "json":
      return checked.json;
    case "list": {
      const encode = encoderOf(type.items);
      const name = printType(type);
      return (value) => listValue(checked.array(value, name).map(encode));
    }
    case "map": {
      const encode = encoderOf(type.values);
      const name = printType(type);
      return (value) =>
        mapValue(
          Object.entries(checked.object(value, name)).map(([key, entry]) => ({
            key: checked.text(key),
            value: encode(entry),
          })),
        );
    }
    case "struct": {
      const members = type.members.map((member) => [member.name, encoderOf(member.type)] as const);
      const open = structOpener(type);
      return (value) => {
        const given = open(value);
        return structValue(Object.fromEntries(members.map(([name, encode]) => [name, encode(given[name])])));
      };
    }
  }
}

/** Gives the members of an object that is to be written as a struct; refuses those that are not declared. */
export function structOpener(
  type: Extract<ColumnType, { kind: "struct" }>,
): (value: unknown) => Record<string, unknown> {
  const declared = new Set(type.members.map((member) => member.name));
  const name = printType(type);
  return (value) => {
    const given = checked.object(value, name);
    for (const key of Object.keys(given)) {
      if (declared.has(key)) continue;
      throw new WrongValue(`has the member ${JSON.stringify(key)}, which ${name} does not declare`);
    }
    return given;
  };
}

const dayMillis = 86_400_000;

const scalarEncoders: { readonly [name in ScalarName]: Encode } = {
  VARCHAR: checked.text,
  BOOLEAN: checked.boolean,
  DOUBLE: checked.double,
  BIGINT: (value) => BigInt(checked.integer(value)),
  INT64: checked.int64,
  UUID: (value) => DuckDBUUIDValue.fromUint128(BigInt(`0x${checked.uuid(value).replaceAll("-", "")}`)),
  DATE: (value) => new DuckDBDateValue(Date.parse(checked.date(value)) / dayMillis),
  TIMESTAMPTZ: (value) => new DuckDBTimestampTZValue(checked.time(value)),
};
