import type { ColumnType } from "../../columns/column-type.ts";
import { ownProperty } from "../../columns/values/plain-values.ts";
import { validate } from "../../columns/values/validate.ts";
import { within } from "../../columns/values/wrong-value.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { structOpener } from "./encode-value.ts";
import { scalarCodecs } from "./scalar-codecs.ts";
import { type TextEncoder, textOf } from "./text-sink.ts";

/** The encoder of a type; undefined where its values have no fixed number of texts, as lists have not. */
export function textEncoder(type: ColumnType): TextEncoder | undefined {
  switch (type.kind) {
    case "scalar":
      return scalarCodecs[type.name].text;
    case "json":
      return textOf(validate.json);
    case "struct":
      return structEncoder(type);
    case "list":
    case "map":
      return undefined;
  }
}

/** A struct has a text for whether it is null, followed by the texts of its members. */
function structEncoder(type: Extract<ColumnType, { kind: "struct" }>): TextEncoder | undefined {
  let parts = 1;
  const members: { readonly name: string; readonly first: number; readonly encoder: TextEncoder }[] = [];
  for (const member of type.members) {
    const encoder = textEncoder(member.type);
    if (encoder === undefined) return undefined;
    members.push({ name: member.name, first: parts, encoder });
    parts += encoder.parts;
  }
  const open = structOpener(type);
  const packed = (part: (index: number) => string) =>
    members.map(
      ({ name, first, encoder }) =>
        `${quoteIdentifier(name)} := ${encoder.sql((index) => part(first + index))}`,
    );
  return {
    parts,
    sql: (part) => `CASE WHEN ${part(0)} IS NOT NULL THEN struct_pack(${packed(part).join(", ")}) END`,
    write: (value, sink, start) => {
      if (value === null || value === undefined) {
        for (let part = 0; part < parts; part++) sink.putNull(start + part);
        return;
      }
      const given = open(value);
      sink.putPlain(start, "1");
      for (const { name, first, encoder } of members) {
        try {
          encoder.write(ownProperty(given, name), sink, start + first);
        } catch (error) {
          throw within(error, name);
        }
      }
    },
  };
}
