import { isScalar, type StoredType } from "../../columns/stored-type.ts";
import type { UpstreamFacts } from "../../contract.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { StoreWarning } from "../../warning.ts";
import type { EngineSession } from "../engine.ts";
import { assertSystemTypes } from "./assert-system-types.ts";
import { countedTable } from "./counted-rows.ts";
import { type DeclaredColumns, misfitsOf } from "./misfits.ts";
import { nullIdWarning } from "./null-ids.ts";
import { isOwnTable } from "./own-tables.ts";
import {
  inspectSchema,
  inspectTable,
  numberedRows,
  offsetType,
  type PhysicalTable,
  type TableSchema,
  withEnd,
} from "./physical-table.ts";
import { systemColumns } from "./system-columns.ts";

/** What names the table of a feature. */
interface NamedTable {
  readonly key: string;
  readonly table: string;
  /** How its columns are declared. */
  readonly spec: DeclaredColumns;
}

/**
 * The table of a feature: undefined where it was never written. Refuses one that is no feature table.
 *
 * `name` is the full name under which other sessions see it.
 */
export async function featureTable(
  session: EngineSession,
  feature: NamedTable,
  name?: string,
): Promise<PhysicalTable | undefined> {
  const found = await inspectTable(session, feature.table);
  if (found === undefined) return undefined;
  const physical = name === undefined ? found : { ...found, name };
  assertFeatureTable(session, feature, physical);
  return asDeclared(session, feature, physical);
}

/**
 * The columns of a feature's table in the first fallback that has it; undefined where none does. Whole features are read
 * from one database, and nothing is ever written there.
 */
export async function fallbackSchema(
  session: EngineSession,
  feature: NamedTable,
): Promise<TableSchema | undefined> {
  for (const fallback of session.fallbacks) {
    const found = await inspectSchema(session, feature.table, fallback.schema);
    if (found === undefined) continue;
    const schema = { ...found, fallback };
    assertFeatureTable({ database: fallback.database }, feature, schema);
    return { ...selectedTable(session.dialect, schema, feature.spec, false), isOwn: false };
  }
  return undefined;
}

/** The columns of a feature's table; like {@link featureTable}, without a look at its rows. */
export async function featureSchema(
  session: EngineSession,
  feature: NamedTable,
): Promise<TableSchema | undefined> {
  const schema = await inspectSchema(session, feature.table);
  if (schema === undefined) return undefined;
  assertFeatureTable(session, feature, schema);
  return asDeclared(session, feature, schema);
}

/** A table as its feature reads it, with who writes to it where its columns are not those that are declared. */
async function asDeclared<Schema extends TableSchema>(
  session: EngineSession,
  { table, spec }: NamedTable,
  schema: Schema,
): Promise<Schema> {
  const selected = selectedTable(session.dialect, schema, spec, session.catalog.isCollated(table));
  if (misfitsOf(session.dialect, selected, spec).length === 0) return selected;
  return { ...selected, isOwn: await isOwnTable(session, table) };
}

/** Refuses a table that lacks what every feature's table has. */
export function assertFeatureTable(
  session: Pick<EngineSession, "database">,
  { key, table }: Pick<NamedTable, "key" | "table">,
  schema: TableSchema,
): void {
  const lacking = Object.keys(systemColumns).filter((column) => !schema.columns.has(column));
  if (lacking.length === 0) {
    assertSystemTypes(session.database, { key, table }, schema);
    return;
  }
  throw new StoreError(
    "table-shape",
    `The table ${table} of ${session.database} is not the table of a feature, though ${key} needs that name: it lacks ${lacking.join(", ")}. Rename that table, or the feature.`,
    { feature: key, table, lacking },
  );
}

/** Refuses to change a view: its rows are in other tables. */
export async function assertNoView(
  session: EngineSession,
  { key, table }: Pick<NamedTable, "key" | "table">,
): Promise<void> {
  if (!(await session.catalog.isView(table))) return;
  throw new StoreError(
    "table-shape",
    `${table} in ${session.database}, the table of ${key}, is a view: it can be read, and nothing can be written to it or deleted from it. Change the tables from which it selects, or make it a table.`,
    { feature: key, table },
  );
}

/** The table of an upstream; undefined for an optional one that was never written, an error for a required one. */
export async function upstreamSchema(
  session: EngineSession,
  feature: AnyFeature,
  key: string,
  facts: UpstreamFacts,
): Promise<TableSchema | undefined> {
  const named = { key, table: facts.table, spec: facts };
  const table = (await featureSchema(session, named)) ?? (await fallbackSchema(session, named));
  if (table !== undefined || facts.optional) return table;
  throw new StoreError(
    "upstream-missing",
    `${feature.key} needs ${key}, which was never written to ${session.database}. Run ${key} first, or open the store that holds it.`,
    { feature: feature.key, upstream: key, database: session.database },
  );
}

/** A feature's table as it can be read, and what is to be said of it. */
export interface ReadableTable {
  readonly table: PhysicalTable;
  readonly warning: StoreWarning | undefined;
}

/**
 * The table of a feature with what of it counts under some version; undefined where it was never written. `fallback` also
 * looks in the fallbacks.
 */
export async function readableTable(
  session: EngineSession,
  feature: NamedTable,
  { featureVersion, idColumns }: { readonly featureVersion: string; readonly idColumns: readonly string[] },
  fallback = false,
): Promise<ReadableTable | undefined> {
  const own = await featureTable(session, feature);
  const other = own === undefined && fallback ? await fallbackSchema(session, feature) : undefined;
  const stored = own ?? (other === undefined ? undefined : await withEnd(session, other));
  if (stored === undefined) return undefined;
  const rows = { table: feature.table, featureVersion, idColumns };
  const { table, nullIds } = await countedTable(session, rows, numberedRows(session.dialect, stored));
  const facts = { ...rows, key: feature.key, rows: nullIds };
  return { table, warning: await nullIdWarning(session, facts, table) };
}

/**
 * A table as its feature reads it.
 *
 * A column that was renamed reads what is stored under its old name until the first write copies it. Where a column has
 * a collation, texts are compared all the same: under it, values that differ would be one.
 */
function selectedTable<Schema extends TableSchema>(
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
