import { type ColumnType, printType } from "./column-type.ts";
import { type ScalarName, scalarTypes } from "./scalar-types.ts";

/**
 * The type that a column has in a table, as its engine reports it: the table may be another program's, and of any type.
 *
 * A spec declares a `ColumnType`; a `StoredType` is what lies there. `text` is the type in the engine's own syntax, for
 * messages and casts; nothing is decided by it.
 */
export type StoredType = { readonly text: string } & (
  | { readonly kind: "scalar"; readonly name: StoredScalar }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  /** A text of a fixed set. */
  | { readonly kind: "enum" }
  /** JSON, also where the engine stores it as text under another name. */
  | { readonly kind: "json" }
  /** `length` is there where each list has just that many items. */
  | { readonly kind: "list"; readonly items: StoredType; readonly length?: number }
  | { readonly kind: "map"; readonly keys: StoredType; readonly values: StoredType }
  | { readonly kind: "struct"; readonly members: readonly StoredMember[] }
  /** A type that we don't take apart: a union, a geometry. */
  | { readonly kind: "other" }
);

/** A member of a stored struct. */
export interface StoredMember {
  readonly name: string;
  readonly type: StoredType;
}

/**
 * Scalars that engines store, named by what they hold. Names are Apache Arrow's, as far as it has them.
 *
 * `timestamptz_us` is a moment (UTC) in microseconds, the other timestamps are times without a zone.
 */
export type StoredScalar =
  | "utf8"
  | "bool"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "int128"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "uint128"
  | "bignum"
  | "float32"
  | "float64"
  | "date"
  | "time"
  | "timestamp_s"
  | "timestamp_ms"
  | "timestamp_us"
  | "timestamp_ns"
  | "timestamptz_us"
  | "uuid"
  | "binary"
  | "interval";

/** Columns of a table or query and their types, in their order. */
export type StoredColumns = ReadonlyMap<string, StoredType>;

type Of<Kind extends StoredType["kind"]> = Extract<StoredType, { readonly kind: Kind }>;

/** Whether a type is a MAP, as the Python system may have for its by-field columns. */
export function isMap(type: StoredType | undefined): type is Of<"map"> {
  return type?.kind === "map";
}

/** Whether values of a type are texts: of any, or of a fixed set. */
export function isTextual(type: StoredType): boolean {
  return type.kind === "enum" || isScalar(type, "utf8");
}

/** Whether a type is a scalar of one of some names. */
export function isScalar(type: StoredType | undefined, ...names: readonly StoredScalar[]): boolean {
  return type?.kind === "scalar" && names.includes(type.name);
}

/** The members of a struct in their order; none of another type. */
export function structMembers(type: StoredType | undefined): readonly StoredMember[] {
  return type?.kind === "struct" ? type.members : [];
}

/** Names of the members of a struct. */
export function memberNames(type: StoredType | undefined): readonly string[] {
  return structMembers(type).map(({ name }) => name);
}

/** The type under which engines store a declared type; its text is the one that specs are printed with. */
export function declaredAsStored(type: ColumnType): StoredType {
  const text = printType(type);
  switch (type.kind) {
    case "scalar":
      return { kind: "scalar", name: scalarTypes[type.name].storage, text };
    case "json":
      return { kind: "json", text };
    case "list":
      return { kind: "list", items: declaredAsStored(type.items), text };
    case "map":
      return {
        kind: "map",
        keys: declaredAsStored({ kind: "scalar", name: "VARCHAR" }),
        values: declaredAsStored(type.values),
        text,
      };
    case "struct": {
      const members = type.members.map((member) => ({
        name: member.name,
        type: declaredAsStored(member.type),
      }));
      return { kind: "struct", members, text };
    }
  }
}

/** The scalar of a spec that holds what a stored scalar holds, or most of it; absent where none does. */
const nearestScalars: Readonly<Record<StoredScalar, ScalarName | undefined>> = {
  utf8: "VARCHAR",
  bool: "BOOLEAN",
  int8: "BIGINT",
  int16: "BIGINT",
  int32: "BIGINT",
  int64: "BIGINT",
  int128: "BIGINT",
  uint8: "BIGINT",
  uint16: "BIGINT",
  uint32: "BIGINT",
  uint64: "BIGINT",
  uint128: "BIGINT",
  bignum: "BIGINT",
  float32: "DOUBLE",
  float64: "DOUBLE",
  date: "DATE",
  time: undefined,
  timestamp_s: "TIMESTAMPTZ",
  timestamp_ms: "TIMESTAMPTZ",
  timestamp_us: "TIMESTAMPTZ",
  timestamp_ns: "TIMESTAMPTZ",
  timestamptz_us: "TIMESTAMPTZ",
  uuid: "UUID",
  binary: undefined,
  interval: undefined,
};

/**
 * The nearest type of a spec to a stored type. JSON where no type is near: a filter can then only test it for null.
 */
export function nearestColumnType(stored: StoredType): ColumnType {
  switch (stored.kind) {
    case "scalar": {
      const name = nearestScalars[stored.name];
      return name === undefined ? { kind: "json" } : { kind: "scalar", name };
    }
    case "decimal":
      return { kind: "scalar", name: "DOUBLE" };
    case "enum":
      return { kind: "scalar", name: "VARCHAR" };
    case "list":
      return { kind: "list", items: nearestColumnType(stored.items) };
    case "map":
      return { kind: "map", values: nearestColumnType(stored.values) };
    case "struct":
      return {
        kind: "struct",
        members: stored.members.map(({ name, type }) => ({ name, type: nearestColumnType(type) })),
      };
    case "json":
    case "other":
      return { kind: "json" };
  }
}
