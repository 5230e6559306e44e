import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import { assertReadable } from "../tables/assert-fit.ts";
import { countedTable } from "../tables/counted-rows.ts";
import { featureTable } from "../tables/feature-tables.ts";
import { type DeclaredColumns, misfitsOf } from "../tables/misfits.ts";
import { numberedRows, type PhysicalTable } from "../tables/physical-table.ts";
import { currentRows, noRows } from "../tables/relation.ts";

/** The rows of a feature under one version. */
export interface StoredRows {
  readonly key: string;
  readonly table: string;
  readonly featureVersion: string;
  readonly spec: DeclaredColumns;
}

/**
 * The table of a feature with the rows of a version that count; undefined if it was never written.
 *
 * Rows that were written while an id column had its former name count.
 *
 * @throws StoreError `column-type` where a stored value is none of the declared type.
 */
export async function storedTable(
  session: EngineSession,
  { key, table, featureVersion, spec }: StoredRows,
): Promise<PhysicalTable | undefined> {
  const found = await featureTable(session, { key, table, spec });
  if (found === undefined) return undefined;
  const fitted = { key, tableName: table, featureVersion, table: found, ...spec };
  await assertReadable(session, fitted, misfitsOf(session.dialect, found, spec));
  const rows = { table, featureVersion, idColumns: spec.idColumns };
  return (await countedTable(session, rows, numberedRows(session.dialect, found))).table;
}

/** The columns to read of stored rows in addition to the declared ones. */
export interface ReadColumns {
  readonly members: readonly string[];
  readonly systemColumns: readonly string[];
  /** Columns without which a row does not count. */
  readonly required?: readonly string[];
}

/** SQL of the current rows under a version. */
export function storedRows(
  dialect: Dialect,
  table: PhysicalTable | undefined,
  { featureVersion, spec }: StoredRows,
  { members, systemColumns, required = [] }: ReadColumns,
): string {
  const { idColumns, columns } = spec;
  const filters = required.map((column) => `${quoteIdentifier(column)} IS NOT NULL`);
  const relation = { idColumns, featureVersion, columns, members, systemColumns, filters };
  return table === undefined ? noRows(dialect, relation) : currentRows(dialect, { ...relation, table });
}
