/** Deeper values are not looked at: an answer, its rows, a row, its columns, a list, its items. */
const maxDepth = 6;

/** Roughly how many bytes a value takes in memory. Items of a list are taken to be as heavy as its first. */
export function estimateBytes(value: unknown, depth = 1): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null || depth > maxDepth) return 8;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (value instanceof Map) return estimateBytes([...value.values()], depth);
  if (Array.isArray(value)) return value.length * estimateBytes(value[0], depth + 1);
  return Object.values(value).reduce((sum: number, member) => sum + estimateBytes(member, depth + 1), 0);
}
