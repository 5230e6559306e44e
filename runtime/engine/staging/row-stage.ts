import type { ColumnType } from "../../columns/column-type.ts";

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
  /** Sends the block; waits for the one before it, so that one is filled while another is written. */
  flush(): Promise<void>;
  /** Waits until all blocks are written, or those that were sent before something failed. */
  close(): Promise<void>;
}
