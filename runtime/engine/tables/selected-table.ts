import { isScalar, type StoredType } from "../../columns/stored-type.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { DeclaredColumns } from "./misfits.ts";
import { offsetType, type TableSchema } from "./physical-table.ts";

/**
 * A table as its feature reads it.
 *
 * A column that was renamed reads what is stored under its old name until the first write copies it. Where a column has
 * a collation, texts are compared all the same: under it, values that differ would be one.
 */
export function selectedTable<Schema extends TableSchema>(
  dialect: Dialect,
  table: Schema,
  { columns, renamedFrom }: DeclaredColumns,
  isCollated: boolean,
): Schema {
  const aliases = Object.entries(renamedFrom?.columns ?? {}).flatMap(([name, old]) => {
    const type = table.columns.get(old);
    if (type === undefined || table.columns.has(name) || old in columns) return [];
    return [{ name, old, type }];
  });
  if (!table.hasOffsets || (aliases.length === 0 && !isCollated)) return table;
  const own = [...table.columns].map(([name, type]) => selected(dialect, name, type, isCollated));
  const renamed = aliases.map(({ name, old }) => `${quoteIdentifier(old)} AS ${quoteIdentifier(name)}`);
  const types = aliases.map(({ name, type }) => [name, type] as const);
  return {
    ...table,
    name: `(SELECT ${[...own, ...renamed].join(", ")}, ${dialect.log.carried} FROM ${table.name})`,
    columns: new Map<string, StoredType>([...table.columns, ...types, [dialect.log.column, offsetType]]),
    copies: new Map(aliases.map(({ name, old }) => [name, old])),
  };
}

function selected(dialect: Dialect, name: string, type: StoredType, isCollated: boolean): string {
  const column = quoteIdentifier(name);
  return isCollated && isScalar(type, "utf8") ? `${dialect.binaryText(column)} AS ${column}` : column;
}
