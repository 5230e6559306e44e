import type { ColumnType } from "../columns/column-type.ts";
import type { LiteralType, ScalarName } from "../columns/scalar-types.ts";
import type { StoredScalar } from "../columns/stored-type.ts";
import type { Constraint } from "../contract.ts";

/** SQL made of the SQL of a value. `depth` distinguishes the parameters of nested lambdas. */
export type ValueSql = (value: string, depth?: number) => string;

/**
 * How an engine spells values: types, casts, what lists, structs, maps and JSON are made of and taken apart with.
 *
 * Every function is pure text. Its arguments are SQL of values, unless a parameter is named otherwise; an argument may be
 * used more than once. Standard SQL is not part of it: `IS NOT DISTINCT FROM`, `CASE`, `coalesce`.
 */
export interface ValueDialect {
  /** What each scalar of a spec is in the engine. */
  readonly scalars: Readonly<Record<ScalarName, ScalarDialect>>;

  /** What a query gives NULL as, and the items of an empty list and the keys of an empty map. */
  readonly typeOfNull: StoredScalar;
  /** The type of a declared column: `STRUCT("w" BIGINT)`. */
  typeName(type: ColumnType): string;
  /** The type of a list of items of a type. */
  listType(item: string): string;
  /** The type of a map from text to values of a type. */
  mapType(value: string): string;
  /** The type of a struct, by member. */
  structType(members: readonly (readonly [name: string, type: string])[]): string;

  /** The value in another type. Fails where it can't be. */
  cast(value: string, type: string): string;
  /** The value in another type, NULL where it can't be, so that the order in which conditions are evaluated does not matter. */
  tryCast(value: string, type: string): string;
  /** NULL of a type. */
  nullOf(type: string): string;
  /** A literal of a filter, in its canonical text. It means the same whatever the session's settings. */
  literal(type: LiteralType, text: string): string;
  /** Condition over `$value` that a value of a declared type satisfies a constraint: false where it breaks it. */
  constraint(constraint: Constraint, type: ColumnType): string;

  /** A struct of members, in their order. */
  struct(members: readonly (readonly [name: string, value: string])[]): string;
  /** The member of a struct. NULL where the struct is. */
  member(struct: string, name: string): string;

  /** A list of items. */
  list(items: readonly string[]): string;
  /** The number of items. */
  listLength(list: string): string;
  /** The list of what `item` makes of each item, which it reads under the name `parameter`. NULL where the list is. */
  mapItems(list: string, parameter: string, item: string): string;
  /** Whether a condition holds for every item: true for an empty list, and for NULL. */
  everyItem(list: string, parameter: string, condition: string): string;
  /** Whether an item of a list is there twice. */
  repeatsItem(list: string): string;
  /** Whether a list of booleans has a true one. */
  hasTrue(flags: string): string;
  /** The place of the first true one in a list of booleans, from 1. */
  firstTrue(flags: string): string;
  /** The item at a place, from 1. */
  itemAt(list: string, place: string): string;

  /** A map of two lists, of its keys and its values. */
  mapOf(keys: string, values: string): string;
  /** An empty map of a type. */
  emptyMap(type: string): string;
  /** The keys of a map, as a list. */
  mapKeys(map: string): string;
  /** Each key of a map as a row of its own, behind SELECT. */
  eachKey(map: string): string;
  /** The values of a map, as a list in the order of its keys. */
  mapValues(map: string): string;
  /** The value of a key, NULL where the map lacks it. `key` is SQL too. */
  mapValue(map: string, key: string): string;
  /** Whether a map has no entry. */
  isEmptyMap(map: string): string;
  /** The map with what `value` makes of each value, which it reads under the name that it is given. */
  mapEachValue(map: string, parameter: string, value: ValueSql): string;

  /** Whether all items of one list are in another: `all` holds those of `some`. */
  hasAll(all: string, some: string): string;
  /** Whether a text matches a regular expression (RE2). `pattern` is SQL. */
  matches(text: string, pattern: string): string;
  /** A number without its fraction, as the widest integer: NULL where it has a fraction or does not fit. */
  wholeNumber(number: string): string;
  /** An integer in the widest type, so that no arithmetic on it overflows. */
  wideInteger(integer: string): string;
  /** Whether a time or number is finite. */
  isFinite(value: string): string;
  /** Whether a time in nanoseconds has none below a microsecond. */
  isWholeMicroseconds(time: string): string;
  /** RFC 3339 in UTC with microseconds, as rows in JavaScript have a time. */
  formatTime(time: string): string;
  /** The time of an RFC 3339 text that {@link ScalarDialect.isText} accepts. */
  parseTime(text: string): string;
  /** The value that other programs write as bytes, in its type: of texts, JSON and UUIDs. */
  fromBytes(bytes: string, type: "text" | "json" | "uuid"): string;
  /** Whether a time or date prints with a year of four digits. False or NULL for NULL. */
  hasPlainYear(time: string): string;

  readonly json: JsonDialect;
}

/** A scalar of a spec, in an engine. */
export interface ScalarDialect {
  /** The type of its columns. */
  readonly type: string;
  /** A literal of its canonical text; only of the types that literals have. */
  readonly literal: (text: string) => string;
  /** Condition that a text is one of it, as JSON Schema writes it; undefined where texts are not read as it. */
  readonly isText: ((text: string) => string) | undefined;
  /** How JSON is read as it. */
  readonly fromJson: JsonReading;
}

/** SQL that reads a JSON value as one of a declared type, and whether it is exactly one. JSON's null is NULL. */
export interface JsonReading {
  readonly value: ValueSql;
  readonly isOne: ValueSql;
}

/** Kinds of JSON values, as JSON Schema has them. */
export type JsonKind = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/** How an engine spells JSON. */
export interface JsonDialect {
  /** JSON's null. */
  readonly null: string;
  /** The JSON of a value. */
  of(value: string): string;
  /** The JSON that a text is. Fails where it is none. */
  parse(text: string): string;
  /** The JSON that a text is, NULL where it is none. */
  tryParse(text: string): string;
  /** Whether JSON is a value of a kind; an integer is a number too. */
  isKind(json: string, kind: JsonKind): string;
  /** How JSON is read as a declared type, nested types too. */
  reading(type: ColumnType): JsonReading;
  /** The text that a JSON string is; of another value its JSON, and NULL of JSON's null. */
  text(json: string): string;
  /** The JSON of a floating-point number. JSON has no NaN and no infinity: they are the strings NaN, Infinity, -Infinity. */
  ofNumber(number: string): string;
  /** The members of an object, as a list in the order of the names: NULL for those that it lacks. */
  members(json: string, names: readonly string[]): string;
  /** The keys of an object, one that it has twice twice: none of another value. */
  objectKeys(json: string): string;
  /** Whether a text is JSON; true for NULL. */
  isValid(text: string): string;
  /** What is wrong with the text of JSON for other programs: `'syntax'`, `'number'`, NULL where nothing is. */
  problem(text: string): string;
  /** The member of an object: NULL where the object lacks it. */
  member(json: string, name: string): string;
  /** The items of an array, as a list of JSON: NULL for JSON's null. */
  items(json: string): string;
  /** The keys of an object, without some. */
  keys(json: string, except?: readonly string[]): string;
  /** The values of an object, as a list of JSON in the order of its keys: NULL for JSON's null. */
  values(json: string, except?: readonly string[]): string;
}
