import { isPlainObject, isTypedArray, mapEntries } from "./plain-values.ts";
import { refuse, WrongValue, wellFormed, within } from "./wrong-value.ts";

/**
 * The JSON text of a value: as `JSON.stringify` prints it, but a value that it would change or drop is refused. A `Map` is an
 * object, a typed array an array, a `Date` its ISO text; another object with `toJSON` is what that gives.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(plainJson(value, 0));
}

/** Deeper values are taken for circular ones. */
const maxDepth = 1000;

function plainJson(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "string":
      return wellFormed(value);
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : refuse(value, "JSON", "finite numbers");
    case "object":
      return value === null ? null : plainJsonObject(value, depth);
    case "bigint":
      return refuse(value, "JSON", "numbers; write it as a string");
    default:
      return refuse(value, "JSON", "a JSON value");
  }
}

function plainJsonObject(value: object, depth: number): unknown {
  if (depth > maxDepth) throw new WrongValue(`is nested deeper than ${maxDepth} levels, or holds itself`);
  if (Array.isArray(value)) {
    // Holes, and items that are undefined, are null in JSON.
    return Array.from(value, (item: unknown, index) => jsonPart(item ?? null, index, depth));
  }
  if (isTypedArray(value)) return Array.from(value, (item, index) => jsonPart(item, index, depth));
  if (value instanceof Map) return jsonMembers(mapEntries(value, "JSON"), depth);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? refuse(value, "JSON", "a valid one") : value.toISOString();
  if (isPlainObject(value) && typeof value["toJSON"] !== "function")
    return jsonMembers(Object.entries(value), depth);
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON !== "function") return refuse(value, "JSON", "plain objects");
  return plainJson(toJSON.call(value, ""), depth + 1);
}

function jsonMembers(entries: readonly (readonly [string, unknown])[], depth: number): object {
  const members = entries.filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([name, member]) => [wellFormed(name), jsonPart(member, { key: name }, depth)]),
  );
}

function jsonPart(value: unknown, part: number | { readonly key: string }, depth: number): unknown {
  try {
    return plainJson(value, depth + 1);
  } catch (error) {
    throw within(error, typeof part === "object" && /^[A-Za-z_$][\w$]*$/.test(part.key) ? part.key : part);
  }
}
