import type { ReadColumn } from "./read-columns.ts";

/** Some rows of a table, by column. */
export interface Block {
  readonly rows: number;
  /** Column of the table → its values. */
  readonly values: ReadonlyMap<string, readonly unknown[]>;
}

/** Reads blocks of some columns of a temporary table, whose rows lie in order. Implemented by each engine. */
export interface BlockReader {
  /** How many rows a block should have. */
  readonly size: number;
  /** Up to `rows` rows from `start` on: fewer where they are heavy, at least one. */
  read(start: number, rows: number): Promise<Block>;
}

/** What a reader of blocks reads. */
export interface BlockSource {
  /** Quoted name of the table. */
  readonly table: string;
  readonly columns: readonly ReadColumn[];
  /** What messages call the rows. */
  readonly what: string;
}
