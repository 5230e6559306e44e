import { type DuckDBValue, listValue, mapValue, structValue } from "@duckdb/node-api";
import { type ColumnType, printType } from "../../columns/column-type.ts";
import { listItems, mapEntries, ownProperty, plainObject } from "../../columns/values/plain-values.ts";
import { validate } from "../../columns/values/validate.ts";
import { WrongValue, within } from "../../columns/values/wrong-value.ts";

import { type Encode, scalarCodecs } from "./scalar-codecs.ts";

/** The encoder of a column; null and undefined become NULL. */
export function encoderOf(type: ColumnType): Encode {
  const encode = encodePresent(type);
  return (value) => (value === null || value === undefined ? null : encode(value));
}

function encodePresent(type: ColumnType): Encode {
  switch (type.kind) {
    case "scalar":
      return scalarCodecs[type.name].encode;
    case "json":
      return validate.json;
    case "list": {
      const encode = encoderOf(type.items);
      const name = printType(type);
      return (value) => listValue(encodeItems(listItems(value, name), encode));
    }
    case "map": {
      const encode = encoderOf(type.values);
      const name = printType(type);
      return (value) => mapValue(encodeEntries(mapEntries(value, name), encode));
    }
    case "struct": {
      const members = type.members.map((member) => [member.name, encoderOf(member.type)] as const);
      const open = structOpener(type);
      return (value) => {
        const given = open(value);
        const encoded: Record<string, DuckDBValue> = {};
        for (const [name, encode] of members) encoded[name] = encodeMember(given, name, encode);
        return structValue(encoded);
      };
    }
  }
}

function encodeItems(items: ArrayLike<unknown>, encode: Encode): DuckDBValue[] {
  const encoded = new Array<DuckDBValue>(items.length);
  let index = 0;
  try {
    for (; index < items.length; index++) encoded[index] = encode(items[index]);
  } catch (error) {
    throw within(error, index);
  }
  return encoded;
}

function encodeEntries(
  entries: readonly (readonly [string, unknown])[],
  encode: Encode,
): { key: string; value: DuckDBValue }[] {
  return entries.map(([key, value]) => {
    try {
      return { key: validate.text(key), value: encode(value) };
    } catch (error) {
      throw within(error, { key });
    }
  });
}

function encodeMember(given: Readonly<Record<string, unknown>>, name: string, encode: Encode): DuckDBValue {
  try {
    return encode(ownProperty(given, name));
  } catch (error) {
    throw within(error, name);
  }
}

/** Gives the members of an object that is to be written as a struct; refuses those that are not declared. */
export function structOpener(
  type: Extract<ColumnType, { kind: "struct" }>,
): (value: unknown) => Record<string, unknown> {
  const declared = new Set(type.members.map((member) => member.name));
  const name = printType(type);
  return (value) => {
    const given = plainObject(value, name);
    for (const key of Object.keys(given)) {
      if (declared.has(key)) continue;
      throw new WrongValue(`has the member ${JSON.stringify(key)}, which ${name} does not declare`);
    }
    return given;
  };
}
