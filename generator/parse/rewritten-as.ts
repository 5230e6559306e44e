/** A value of the wrong type as it was probably meant, as JSON; nothing where that can't be told. */
export function rewrittenAs(
  value: unknown,
  expected: readonly string[],
  tags: readonly string[],
): string | undefined {
  if (expected.includes("string") && (typeof value === "number" || typeof value === "boolean")) {
    return JSON.stringify(String(value));
  }
  if (typeof value !== "string") return undefined;
  if (tags.includes(value)) return `{ "type": ${JSON.stringify(value)} }`;
  if (expected.includes("boolean") && (value === "true" || value === "false")) return value;
  if (expected.some((type) => type === "number" || type === "integer") && /^-?\d+(\.\d+)?$/.test(value)) {
    return String(Number(value));
  }
  return expected.includes("array") ? JSON.stringify([value]) : undefined;
}
