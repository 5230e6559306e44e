import type { DuckDBType } from "@duckdb/node-api";
import type { ColumnType } from "../../columns/column-type.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { Session } from "../../duckdb/session.ts";
import { valueType } from "../../duckdb/transfer/value-type.ts";

/** A column of rows that come in. */
export interface StagedColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Takes rows value by value, and brings them into a temporary table by the block. */
export interface RowStage {
  /** Takes the value of a column of the row; throws a `WrongValue` where it does not fit. */
  put(column: number, value: unknown): void;
  endRow(): void;
  /** Whether the block is to be flushed before another row is taken. */
  readonly isFull: boolean;
  /** Sends the block on its way; waits for the one before it, so that one is filled while another goes. */
  flush(): Promise<void>;
  /** Waits until all blocks have arrived, or those that were on their way when something failed. */
  close(): Promise<void>;
}

/** Creates the temporary table of a stage. */
export async function createStage(
  session: Session,
  name: string,
  columns: readonly StagedColumn[],
): Promise<readonly DuckDBType[]> {
  const types = columns.map(({ type }) => valueType(type));
  const declared = columns.map((column, index) => `${quoteIdentifier(column.name)} ${types[index]}`);
  await session.run(`CREATE OR REPLACE TEMP TABLE ${quoteIdentifier(name)} (${declared.join(", ")})`);
  return types;
}
