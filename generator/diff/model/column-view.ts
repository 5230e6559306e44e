import { type ColumnType, parseColumn } from "../../../runtime/columns/column-type.ts";
import { scalarTypes } from "../../../runtime/columns/scalar-types.ts";
import type { ManifestColumn } from "../../manifest/manifest.ts";

/** A parsed column of a manifest. */
export interface ColumnView {
  /** As DuckDB prints it, without `NOT NULL`. */
  readonly text: string;
  /** Absent where a manifest holds a type that this version does not know. */
  readonly type?: ColumnType;
  readonly nullable: boolean;
  /** JSON Schema keywords that say more than the type. */
  readonly keywords: Keywords;
}

/** JSON Schema keywords by name. */
export type Keywords = Readonly<Record<string, unknown>>;

const notNull = " NOT NULL";

/** Parses a column of a manifest. */
export function viewColumn(column: ManifestColumn): ColumnView {
  const { type: printed, ...keywords } = typeof column === "string" ? { type: column } : column;
  const nullable = !printed.endsWith(notNull);
  const type = typeOf(printed);
  return {
    text: nullable ? printed : printed.slice(0, -notNull.length),
    ...(type === undefined ? {} : { type }),
    nullable,
    keywords,
  };
}

function typeOf(printed: string): ColumnType | undefined {
  try {
    return parseColumn(printed).type;
  } catch {
    return undefined;
  }
}

/** The TypeScript type of a column without listed values and nullable members: equal texts are equal types. */
export function typeScriptShape(type: ColumnType): string {
  switch (type.kind) {
    case "scalar":
      return scalarTypes[type.name].typescript;
    case "list":
      return `${typeScriptShape(type.items)}[]`;
    case "map":
      return `{ [name]: ${typeScriptShape(type.values)} }`;
    case "struct": {
      const members = type.members.map(
        ({ name, type }) => `${JSON.stringify(name)}: ${typeScriptShape(type)}`,
      );
      return `{ ${members.sort().join("; ")} }`;
    }
    case "json":
      return "unknown";
  }
}

/** Keywords that are checked on write, and belong to no type. */
export const constraintKeywords: ReadonlySet<string> = new Set([
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "minItems",
  "maxItems",
  "uniqueItems",
]);
