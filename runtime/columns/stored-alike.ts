import type { ColumnType } from "./column-type.ts";
import { scalarTypes } from "./scalar-types.ts";

/** Whether engines store two types as one: BIGINT and INT64 are the same column. */
export function isStoredAlike(a: ColumnType, b: ColumnType): boolean {
  if (a.kind === "scalar" && b.kind === "scalar")
    return scalarTypes[a.name].storage === scalarTypes[b.name].storage;
  if (a.kind === "list" && b.kind === "list") return isStoredAlike(a.items, b.items);
  if (a.kind === "map" && b.kind === "map") return isStoredAlike(a.values, b.values);
  if (a.kind === "struct" && b.kind === "struct") {
    const members = b.members;
    return (
      a.members.length === members.length &&
      a.members.every(({ name, type }, index) => {
        const other = members[index];
        return other !== undefined && other.name === name && isStoredAlike(type, other.type);
      })
    );
  }
  return a.kind === "json" && b.kind === "json";
}
