import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { StoreError } from "../../errors.ts";
import type { TableSchema } from "./physical-table.ts";
import { byFieldColumns, systemColumns } from "./system-columns.ts";

/** What versions and times may be stored as: the types that read as they are. */
const readable: Readonly<Record<string, { readonly types: RegExp; readonly name: string }>> = {
  VARCHAR: { types: /^(VARCHAR|ENUM\(.*\))$/, name: "VARCHAR" },
  // The other types of times don't compare with TIMESTAMPTZ, and two of them can't hold the time of a write.
  TIMESTAMPTZ: { types: /^TIMESTAMP( WITH TIME ZONE)?$/, name: "TIMESTAMPTZ" },
  // The Python system writes MAPs where it runs on other engines.
  STRUCT: {
    types: /^(MAP\(VARCHAR, VARCHAR\)|STRUCT\((("([^"]|"")*"|\w+) VARCHAR(, )?)*\))$/,
    name: "STRUCT of VARCHAR, or MAP(VARCHAR, VARCHAR)",
  },
};

/** Columns that an older program may have left without a type, since all of their values are null. */
const untyped = /^("NULL"|INTEGER)$/;

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
    const stored = columns.get(column);
    const type = stored?.text ?? "";
    const { types, name } = readable[expected] ?? { types: /./, name: expected };
    if (types.test(type) || (neverRead.has(column) && untyped.test(type))) continue;
    throw new StoreError(
      "table-shape",
      `${column} of the table ${table} of ${key} in ${database} is ${type}, and a store reads ${name} there. ${hintFor(table, column, expected)}`,
      { feature: key, table, column, type, expected: name },
    );
  }
}

function hintFor(table: string, column: string, expected: string): string {
  // DuckDB reads a time without a zone as one of the zone that is set.
  const zone = expected === "TIMESTAMPTZ" ? "SET TimeZone = 'UTC'; " : "";
  const isByField = byFieldColumns.some((one) => one === column);
  return isByField
    ? "Let the program that makes the table write it so: one VARCHAR a field."
    : `Let the program that makes the table write it so, or run: ${zone}ALTER TABLE ${quoteIdentifier(table)} ALTER ${column} SET DATA TYPE ${expected}`;
}
