import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { valueAt } from "../source/json-pointer.ts";
import type { CheckedShape } from "./check-shape.ts";

/** An item of a list in a spec, and its place. */
export interface ListItem<T> {
  readonly value: T;
  readonly path: JsonPath;
}

/** The items of the list at a path that have the shape which the meta-schema asks for: `T`, by agreement with it. */
export function validItems<T>(document: JsonDocument, shape: CheckedShape, path: JsonPath): ListItem<T>[] {
  const list = valueAt(document.value, path);
  if (!Array.isArray(list)) return [];
  const items = list.map((value: T, index) => ({ value, path: [...path, index] }));
  return items.filter((item) => shape.isValid(item.path));
}
