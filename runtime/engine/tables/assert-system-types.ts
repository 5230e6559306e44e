import { isMap, isScalar, isTextual, type StoredType } from "../../columns/stored-type.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { StoreError } from "../../errors.ts";
import type { TableSchema } from "./physical-table.ts";
import { byFieldColumns, type SystemType, systemColumns } from "./system-columns.ts";

/** How a system column may be stored. */
interface ReadableAs {
  /** Whether values of a type read as they are. */
  readonly isReadable: (type: StoredType) => boolean;
  readonly name: string;
}

const readable: Readonly<Record<SystemType, ReadableAs>> = {
  VARCHAR: { isReadable: isTextual, name: "VARCHAR" },
  // Other types of times don't compare with TIMESTAMPTZ, and two of them can't hold the time of a write.
  TIMESTAMPTZ: {
    isReadable: (type) => isScalar(type, "timestamptz_us", "timestamp_us"),
    name: "TIMESTAMPTZ",
  },
  // The Python system writes MAPs on some engines.
  STRUCT: { isReadable: holdsVersions, name: "STRUCT of VARCHAR, or MAP(VARCHAR, VARCHAR)" },
};

function holdsVersions(type: StoredType): boolean {
  if (isMap(type)) return [type.keys, type.values].every((part) => isScalar(part, "utf8"));
  return type.kind === "struct" && type.members.every((member) => isScalar(member.type, "utf8"));
}

/** Whether a column has no type of its own: an older program created it from NULL alone. */
function isUntyped(type: StoredType): boolean {
  return isScalar(type, "int32") || type.text === '"NULL"';
}

const neverRead: ReadonlySet<string> = new Set(["metaxy_project_version", "metaxy_materialization_id"]);

/**
 * Refuses a table whose system columns have types that can't be read: versions as JSON or numbers, times as texts.
 *
 * @throws StoreError `table-shape`, with the statement that mends it.
 */
export function assertSystemTypes(
  database: string,
  { key, table }: { readonly key: string; readonly table: string },
  { columns }: TableSchema,
): void {
  for (const [column, expected] of Object.entries(systemColumns)) {
    const type = columns.get(column);
    const text = type?.text ?? "missing";
    const { isReadable, name } = readable[expected];
    if (type !== undefined && (isReadable(type) || (neverRead.has(column) && isUntyped(type)))) continue;
    throw new StoreError(
      "table-shape",
      `${column} of the table ${table} of ${key} in ${database} is ${text}, and a store reads ${name} there. ${hintFor(table, column, expected)}`,
      { feature: key, table, column, type: text, expected: name },
    );
  }
}

function hintFor(table: string, column: string, expected: SystemType): string {
  // DuckDB reads a time without a zone as one of the zone that is set.
  const zone = expected === "TIMESTAMPTZ" ? "SET TimeZone = 'UTC'; " : "";
  const isByField = byFieldColumns.some((one) => one === column);
  return isByField
    ? "Let the program that makes the table write it so: one VARCHAR a field."
    : `Let the program that makes the table write it so, or run: ${zone}ALTER TABLE ${quoteIdentifier(table)} ALTER ${column} SET DATA TYPE ${expected}`;
}
