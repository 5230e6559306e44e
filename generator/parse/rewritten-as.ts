const typeNames = new Set(["string", "integer", "number", "boolean", "array", "object"]);

/** A value of the wrong type as it was probably meant, as JSON; nothing where that can't be told. */
export function rewrittenAs(value: unknown, expected: readonly string[]): string | undefined {
  if (expected.includes("string") && (typeof value === "number" || typeof value === "boolean")) {
    return JSON.stringify(String(value));
  }
  if (typeof value !== "string") return undefined;
  if (expected.includes("boolean") && (value === "true" || value === "false")) return value;
  if (expected.some((type) => type === "number" || type === "integer") && /^-?\d+(\.\d+)?$/.test(value)) {
    return String(Number(value));
  }
  if (expected.includes("array")) return JSON.stringify([value]);
  return expected.includes("object") && typeNames.has(value) ? `{ "type": "${value}" }` : undefined;
}
