import type { Schema } from "./arbitrary-schema.ts";

/** How a value is kept: typed, where what is absent reads as null, or as JSON, as it was written. */
export type Encoding = "typed" | "json";

/** Whether a schema is kept as JSON, whatever is around it. */
function isJson(schema: Schema): boolean {
  if ("anyOf" in schema || "oneOf" in schema) return true;
  const types = typesOf(schema).filter((type) => type !== "null");
  if (types.length !== 1) return true;
  if (types[0] === "array") return schema["items"] === undefined;
  if (types[0] !== "object") return false;
  const { properties, additionalProperties: further } = schema;
  return properties === undefined ? further === undefined : further !== undefined && further !== false;
}

function typesOf(schema: Schema): string[] {
  if ("type" in schema) return [schema["type"]].flat() as string[];
  return [];
}

/** Whether the TypeScript type of a schema has null. */
export function takesNull(schema: Schema): boolean {
  if ("type" in schema && !typesOf(schema).includes("null")) return false;
  const listed = schema["enum"] as readonly unknown[] | undefined;
  if (!("type" in schema) && listed !== undefined && !listed.includes(null)) return false;
  const shapes = (schema["anyOf"] ?? schema["oneOf"]) as readonly Schema[] | undefined;
  return shapes?.some(takesNull) ?? true;
}

/** Whether a value satisfies a schema, written for clarity; `mayBeNull` where it is no matter of the schema. */
export function satisfies(schema: Schema, value: unknown, encoding: Encoding, mayBeNull = false): boolean {
  const effectiveEncoding = encoding === "json" || isJson(schema) ? "json" : "typed";
  if (encoding === "typed" && (value === null || value === undefined)) return mayBeNull || takesNull(schema);
  if (effectiveEncoding === "typed" && value === null) return takesNull(schema);
  return (
    isOfType(schema, value, effectiveEncoding) &&
    isListed(schema, value) &&
    numberFits(schema, value) &&
    textFits(schema, value) &&
    listFits(schema, value, effectiveEncoding) &&
    objectFits(schema, value, effectiveEncoding) &&
    shapesFit(schema, value)
  );
}

function isOfType(schema: Schema, value: unknown, effectiveEncoding: Encoding): boolean {
  if (effectiveEncoding === "typed" || !("type" in schema)) return true;
  return typesOf(schema).some((type) => {
    if (type === "null") return value === null;
    if (type === "array") return Array.isArray(value);
    if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
    if (type === "integer") return Number.isInteger(value);
    return typeof value === type;
  });
}

function isListed(schema: Schema, value: unknown): boolean {
  const listed = schema["enum"] as readonly unknown[] | undefined;
  return listed === undefined || listed.some((each) => JSON.stringify(each) === JSON.stringify(value));
}

function numberFits(schema: Schema, value: unknown): boolean {
  if (typeof value !== "number") return true;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema as Record<
    string,
    number
  >;
  return (
    value >= (minimum ?? -Infinity) &&
    value <= (maximum ?? Infinity) &&
    value > (exclusiveMinimum ?? -Infinity) &&
    value < (exclusiveMaximum ?? Infinity) &&
    (multipleOf === undefined || Math.abs(value / multipleOf - Math.round(value / multipleOf)) <= 1e-9)
  );
}

function textFits(schema: Schema, value: unknown): boolean {
  if (typeof value !== "string") return true;
  const { minLength = 0, maxLength = Infinity } = schema as Record<string, number>;
  const length = [...value].length;
  const pattern = schema["pattern"];
  return (
    length >= minLength &&
    length <= maxLength &&
    (typeof pattern !== "string" || new RegExp(pattern, "u").test(value)) &&
    formFits(schema["format"], value)
  );
}

function formFits(format: unknown, value: string): boolean {
  if (format === "date") return /^\d{4}-\d\d-\d\d$/.test(value);
  if (format === "date-time") return /^\d{4}-\d\d-\d\dT.*Z$/.test(value);
  return format !== "uuid" || /^[0-9a-f-]{36}$/.test(value);
}

function listFits(schema: Schema, value: unknown, effectiveEncoding: Encoding): boolean {
  if (!Array.isArray(value)) return true;
  const { minItems = 0, maxItems = Infinity } = schema as Record<string, number>;
  const items = schema["items"] as Schema | undefined;
  return (
    value.length >= minItems &&
    value.length <= maxItems &&
    (schema["uniqueItems"] !== true || new Set(value).size === value.length) &&
    (items === undefined || value.every((item) => satisfies(items, item, effectiveEncoding)))
  );
}

function objectFits(schema: Schema, value: unknown, effectiveEncoding: Encoding): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return true;
  const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
  const required = (schema["required"] ?? []) as readonly string[];
  const further = schema["additionalProperties"];
  const given = value as Record<string, unknown>;
  const isOpen = further === undefined ? schema["properties"] === undefined : further !== false;
  const own = Object.entries(properties).every(([name, member]) => {
    const isRequired = required.includes(name);
    if (!Object.hasOwn(given, name))
      return !isRequired || (effectiveEncoding === "typed" && takesNull(member));
    return satisfies(member, given[name], effectiveEncoding, effectiveEncoding === "typed" && !isRequired);
  });
  const others = Object.keys(given).filter((name) => !Object.hasOwn(properties, name));
  const schemaOfOthers = typeof further === "object" ? (further as Schema) : {};
  return own && others.every((name) => isOpen && satisfies(schemaOfOthers, given[name], effectiveEncoding));
}

function shapesFit(schema: Schema, value: unknown): boolean {
  const { anyOf, oneOf } = schema as Record<string, readonly Schema[] | undefined>;
  const fitting = (shapes: readonly Schema[]) =>
    shapes.filter((shape) => satisfies(shape, value, "json")).length;
  return (anyOf === undefined || fitting(anyOf) > 0) && (oneOf === undefined || fitting(oneOf) === 1);
}
