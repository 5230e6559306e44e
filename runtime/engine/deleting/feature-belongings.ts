import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import { checkpointTable, pendingItemsTable } from "../checkpoint/checkpoint.ts";
import { carriedOverTable } from "../migrating/carried-over-times.ts";
import { emptyParentsTable } from "../tables/empty-parents.ts";
import { idColumnsTable } from "../tables/id-columns.ts";
import { metaTable } from "../tables/meta-table.ts";
import { createdFact } from "../tables/own-tables.ts";
import { qualifiedName } from "../tables/physical-table.ts";

/** A feature that a store may hold: no more is needed than what names its table. */
export interface NamedFeature {
  readonly key: string;
  readonly table: string;
}

/** All that a store keeps for one feature. */
export interface Belongings {
  /** Names of tables that are the feature's alone; its own is the first. */
  readonly tables: readonly string[];
  /** Rows in tables that features share. */
  readonly rows: readonly SharedRows[];
}

/** The rows of a feature in a table that features share. */
export interface SharedRows {
  readonly table: string;
  /** SQL of these rows, behind FROM. */
  readonly from: string;
}

/** Lists all that belongs to a feature's table, so that nothing of it is left behind. */
export function belongingsOf({ key, table }: NamedFeature): Belongings {
  return {
    tables: [table, emptyParentsTable({ table }), pendingItemsTable({ table })],
    rows: [
      sharedRows(checkpointTable, "feature", key),
      sharedRows(idColumnsTable, "table_name", table),
      sharedRows(carriedOverTable, "table_name", table),
      { table: metaTable, from: createdFact(table) },
    ],
  };
}

function sharedRows(table: string, column: string, value: string): SharedRows {
  return { table, from: `${qualifiedName(table)} WHERE ${quoteIdentifier(column)} = ${quoteLiteral(value)}` };
}
