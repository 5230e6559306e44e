import { refuse } from "./wrong-value.ts";

/** An object whose properties are its own: of no class, so that all readers of it see the same. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  // The same of another realm, as of a worker or a virtual machine.
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "isPrototypeOf");
}

/** The members of a value that is written as an object. */
export function plainObject(value: unknown, type: string): Record<string, unknown> {
  return isPlainObject(value) ? value : refuse(value, type, "a plain object");
}

/** Reads an own property: a name such as `constructor` is there on any object. */
export function ownProperty(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return name in Object.prototype && !Object.hasOwn(object, name) ? undefined : object[name];
}

/** Whether a value is a typed array. */
export function isTypedArray(value: unknown): value is ArrayLike<unknown> & ArrayBufferView {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** The items of a value that is written as a list. */
export function listItems(value: unknown, type: string): ArrayLike<unknown> {
  return Array.isArray(value) || isTypedArray(value)
    ? value
    : refuse(value, type, "an array or a typed array");
}

/** The entries of a value that is written as a map: of a `Map` or a plain object. */
export function mapEntries(value: unknown, type: string): [string, unknown][] {
  if (!(value instanceof Map)) {
    if (isPlainObject(value)) return Object.entries(value);
    return refuse(value, type, "a plain object or a Map");
  }
  const entries = [...(value as Map<unknown, unknown>)];
  return entries.map(([key, entry]) => [
    typeof key === "string" ? key : refuse(key, `a key of ${type}`, "a string"),
    entry,
  ]);
}
