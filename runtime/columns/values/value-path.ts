/** A step of the path to a value, as a message prints it: a member, the index of an item, a key of a map, or all items. */
export type PathPart = string | number | { readonly key: string } | typeof allItems;

/** Each item of a list or value of a map, where no row is at hand. */
export const allItems: unique symbol = Symbol("all items");

/** Prints the path to a value as JavaScript would write it: `boxes[2].w`, `counts["a b"]`. */
export function printPath(column: string, parts: readonly PathPart[]): string {
  return column + parts.map(printPart).join("");
}

function printPart(part: PathPart): string {
  if (part === allItems) return "[…]";
  if (typeof part === "number") return `[${part}]`;
  if (typeof part === "object") return `[${JSON.stringify(part.key)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
}

/** Prints the ids of a row, to follow its number: ` (video_id "a")`. */
export function printIds(ids: readonly (readonly [name: string, value: unknown])[]): string {
  const known = ids.filter(([, value]) => value !== null && value !== undefined);
  if (known.length === 0) return "";
  const print = (value: unknown): string =>
    typeof value === "string" ? JSON.stringify(value) : String(value);
  return ` (${known.map(([name, value]) => `${name} ${print(value)}`).join(", ")})`;
}
