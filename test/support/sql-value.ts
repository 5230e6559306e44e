import { type ColumnType, parseColumn } from "../../runtime/columns/column-type.ts";
import type { AnyFeature } from "../../runtime/index.ts";

/** A value for the column `x` of a feature as a query would give it, of the column's own type or one that fits. */
export function sqlValue(feature: AnyFeature | undefined, value: unknown): string {
  return printed(parseColumn(feature?.spec.columns["x"] ?? "JSON").type, value);
}

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

function printed(type: ColumnType, value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  switch (type.kind) {
    case "json":
      return `${quote(JSON.stringify(value))}::JSON`;
    case "scalar":
      return typeof value === "string" ? quote(value) : String(value).toUpperCase();
    case "list":
      return `[${(value as unknown[]).map((item) => printed(type.items, item)).join(", ")}]`;
    case "map": {
      const entries = Object.entries(value as object);
      return `MAP {${entries.map(([key, item]) => `${quote(key)}: ${printed(type.values, item)}`).join(", ")}}`;
    }
    case "struct": {
      const given = value as Record<string, unknown>;
      const members = type.members.map(({ name, type: member }) => {
        const item = Object.hasOwn(given, name) ? given[name] : undefined;
        return `${quote(name)}: ${printed(member, item)}`;
      });
      return `{${members.join(", ")}}`;
    }
  }
}
