import type { ColumnType, ScalarName } from "../../columns/column-type.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { structOpener } from "./encode-value.ts";
import { ownProperty } from "./plain-values.ts";
import { validate } from "./validate.ts";
import { within } from "./wrong-value.ts";

/** Takes the texts of a value, part after part. */
export interface TextSink {
  /** A text that may hold anything. */
  putText(part: number, text: string): void;
  /** A text that has only what numbers and times are printed with. */
  putPlain(part: number, text: string): void;
  putNull(part: number): void;
}

/** How values of a column are written as texts, which cross into DuckDB joined: far cheaper than one by one. */
export interface TextEncoder {
  /** How many texts make a value. */
  readonly parts: number;
  /** SQL of the value; `part` gives that of a text, NULL where it was put as such. */
  readonly sql: (part: (index: number) => string) => string;
  /** Writes a value, its texts from `first` on; throws a `WrongValue` where it does not fit. */
  readonly write: (value: unknown, sink: TextSink, first: number) => void;
}

/** The encoder of a type; undefined where its values have no fixed number of texts, as lists have not. */
export function textEncoder(type: ColumnType): TextEncoder | undefined {
  switch (type.kind) {
    case "scalar":
      return scalarEncoders[type.name];
    case "json":
      return text(validate.json);
    case "struct":
      return structEncoder(type);
    case "list":
    case "map":
      return undefined;
  }
}

const scalarEncoders: { readonly [name in ScalarName]: TextEncoder } = {
  VARCHAR: text(validate.text),
  BOOLEAN: plain((value) => String(validate.boolean(value)), "BOOLEAN"),
  DOUBLE: plain((value) => printDouble(validate.double(value)), "DOUBLE"),
  BIGINT: plain((value) => String(validate.integer(value)), "BIGINT"),
  INT64: plain((value) => String(validate.int64(value)), "BIGINT"),
  UUID: plain(validate.uuid, "UUID"),
  DATE: plain(validate.date, "DATE"),
  TIMESTAMPTZ: {
    ...plain((value) => String(validate.time(value)), "BIGINT"),
    sql: (part) => `make_timestamptz(${part(0)}::BIGINT)`,
  },
};

function text(print: (value: unknown) => string): TextEncoder {
  return {
    parts: 1,
    sql: (part) => part(0),
    write: (value, sink, first) => {
      if (value === null || value === undefined) sink.putNull(first);
      else sink.putText(first, print(value));
    },
  };
}

function plain(print: (value: unknown) => string, type: string): TextEncoder {
  return {
    parts: 1,
    sql: (part) => `${part(0)}::${type}`,
    write: (value, sink, first) => {
      if (value === null || value === undefined) sink.putNull(first);
      else sink.putPlain(first, print(value));
    },
  };
}

function printDouble(value: number): string {
  return Object.is(value, -0) ? "-0.0" : String(value);
}

/** A struct has a text that says whether it is there, and then those of its members. */
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
