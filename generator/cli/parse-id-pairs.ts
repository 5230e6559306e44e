import { type ColumnType, printType } from "../../runtime/columns/column-type.ts";
import { declaredType } from "../../runtime/columns/parsed-columns.ts";
import { scalarTypes } from "../../runtime/columns/scalar-types.ts";
import type { AnyFeature } from "../../runtime/feature.ts";
import { fail, ok, type Result } from "../pipeline/result.ts";

/** An id, by column. */
export type Id = Readonly<Record<string, unknown>>;

/**
 * Reads ids from pairs such as `video_id=a`. A repeated column begins the next id.
 *
 * @example
 * ```ts
 * parseIdPairs(Chunk, ["video_id=a", "chunk=0", "video_id=a", "chunk=1"]); // two ids
 * ```
 */
export function parseIdPairs(feature: AnyFeature, pairs: readonly string[]): Result<Id[]> {
  const { idColumns, columns } = feature.spec;
  const hint = `An id of ${feature.key} is ${idColumns.map((id) => `${id}=…`).join(" ")}.`;
  const invalid = (message: string) => fail({ code: "id-invalid" as const, message, hint });
  const ids: Record<string, unknown>[] = [];
  for (const pair of pairs) {
    const column = idColumns.find((id) => pair.startsWith(`${id}=`));
    if (column === undefined) return invalid(`--id expects column=value, not ${JSON.stringify(pair)}.`);
    const text = pair.slice(column.length + 1);
    const type = declaredType(columns, column);
    const value = idValue(text, type);
    if (value === undefined) {
      return invalid(`${column} is ${printType(type)}, and ${JSON.stringify(text)} is not.`);
    }
    const last = ids.at(-1);
    if (last === undefined || column in last) ids.push({ [column]: value });
    else last[column] = value;
  }
  for (const id of ids) {
    const missing = idColumns.filter((column) => !(column in id));
    if (missing.length > 0) return invalid(`An id lacks ${missing.join(", ")}.`);
  }
  return ok(ids);
}

/** The value of a text in a type; undefined if it has none. The store checks the rest. */
function idValue(text: string, type: ColumnType): unknown {
  if (type.kind !== "scalar") return parseJson(text);
  const { schema, typescript } = scalarTypes[type.name];
  switch (typescript) {
    case "string":
      return text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "bigint":
      return integer.test(text) ? BigInt(text) : undefined;
    case "number":
      if (schema.type === "integer") return integer.test(text) ? Number(text) : undefined;
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
  }
}

const integer = /^-?\d+$/;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
