import type { PropertySchema } from "./spec-document.ts";

/** Columns that features share, and by which they are joined and grouped: always of one type, with few values. */
export const sharedColumns: Readonly<Record<string, SharedColumn>> = {
  v: { type: "string", values: ["a", "b", "é", "B"] },
  n: { type: "integer", values: [2, 10, -1] },
  g: { type: "string", values: ["x", "y"] },
  h: { type: "integer", values: [1, 2] },
};

interface SharedColumn {
  readonly type: "string" | "integer";
  readonly values: readonly (string | number)[];
}

/** Endings of the columns that each feature has for itself. */
const ownColumns: Readonly<Record<string, { readonly type: string; readonly values: readonly unknown[] }>> = {
  size: { type: "integer", values: [null, 1, 2, 3, 10] },
  rank: { type: "integer", values: [1, 2] },
  label: { type: "string", values: [null, "x", "y", "it's"] },
  ok: { type: "boolean", values: [null, true, false] },
};

/** The nullable columns of the feature with this number: `f2_size`, `f2_rank`, …. */
export function ownProperties(feature: number): Record<string, PropertySchema> {
  return Object.fromEntries(
    Object.entries(ownColumns).map(([ending, { type }]) => [`f${feature}_${ending}`, nullable(type)]),
  );
}

export function nullable(type: string): PropertySchema {
  return { type: [type, "null"] };
}

/** What a column is about, whatever it was renamed to: `size` of `f2_size` and of `renamed_f2_size`. */
export function endingOf(column: string): string {
  return column.slice(column.lastIndexOf("_") + 1);
}

/** One of the values of a column, chosen by number. */
export function valueFor(column: string, schema: PropertySchema | undefined, choice: number): unknown {
  const known = sharedColumns[column]?.values ?? ownColumns[endingOf(column)]?.values ?? [null];
  const isRequired = schema !== undefined && !Array.isArray(schema.type);
  // What was an id of its own has any value.
  const values = isRequired ? known.map((value) => value ?? 1) : known;
  const allowed = schema !== undefined && !isRequired ? [...values, null] : values;
  return asType(allowed[choice % allowed.length], schema?.type);
}

/** The value of a column whose type was edited. */
function asType(value: unknown, declared: PropertySchema["type"] | undefined): unknown {
  const type = Array.isArray(declared) ? declared[0] : declared;
  if (value === null || value === undefined) return value;
  const number = typeof value === "number" ? value : String(value).length;
  if (type === "string") return String(value);
  if (type === "boolean") return typeof value === "boolean" ? value : number % 2 === 0;
  if (type === "number") return number === 3 ? 3.5 : number;
  return type === "integer" ? number : value;
}
