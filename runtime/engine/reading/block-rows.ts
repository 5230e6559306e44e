import { buildObjects } from "../../columns/values/build-objects.ts";
import { InputError } from "../../errors.ts";
import type { ExportOptions, ExportResult } from "../../files.ts";
import type { RowSet } from "../../increment.ts";
import type { Block, EngineSession, ReadColumn } from "../engine.ts";
import { exportRows } from "./export-rows.ts";
import type { RowTable } from "./row-table.ts";

/** Iterates the rows of blocks one by one, with less ado than a generator, which waits three times for each row. */
class RowIterator<Row> implements AsyncIterableIterator<Row> {
  readonly #blocks: AsyncGenerator<readonly Row[]>;
  #block: readonly Row[] = [];
  #row = 0;
  #ended = false;
  #loading: Promise<void> | undefined;

  constructor(blocks: AsyncGenerator<readonly Row[]>) {
    this.#blocks = blocks;
  }

  async next(): Promise<IteratorResult<Row, undefined>> {
    while (this.#row >= this.#block.length) {
      if (this.#ended) return { done: true, value: undefined };
      this.#loading ??= this.#load();
      await this.#loading;
    }
    return { done: false, value: this.#block[this.#row++] as Row };
  }

  async return(): Promise<IteratorResult<Row, undefined>> {
    this.#end();
    await this.#blocks.return(undefined);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #load(): Promise<void> {
    try {
      const { done, value } = await this.#blocks.next();
      if (done === true || this.#ended) return this.#end();
      this.#block = value;
      this.#row = 0;
    } catch (error) {
      this.#end();
      throw error;
    } finally {
      this.#loading = undefined;
    }
  }

  #end(): void {
    this.#ended = true;
    this.#block = [];
    this.#row = 0;
  }
}

/** Where rows come from. */
export interface RowSource {
  /** What messages call the rows. */
  readonly what: string;
  readonly columns: readonly ReadColumn[];
  /** A table with at least these columns. Called by each reader. */
  open(columns: readonly string[], options?: OpenOptions): Promise<OpenTable>;
}

/** How a table is opened. */
export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called before anything is read. */
  before?(session: EngineSession): Promise<void>;
}

/** A table that is being read. */
export interface OpenTable extends RowTable {
  /** Called when its reader is done with it. */
  release(): Promise<void>;
}

/**
 * Rows that are read in blocks from a temporary table.
 *
 * So they stay as they were, any number of readers can go through them at their own pace, and memory does not grow
 * with their number. While a block is used, the next one is read.
 */
export class BlockRows<Row> implements RowSet<Row> {
  readonly source: RowSource;
  protected readonly columns: readonly ReadColumn[];

  constructor(source: RowSource, columns: readonly ReadColumn[] = source.columns) {
    this.source = source;
    this.columns = columns;
  }

  [Symbol.asyncIterator](): AsyncIterator<Row> {
    return new RowIterator(this.#rowBlocks());
  }

  async toArray(): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const block of this.#rowBlocks()) for (const row of block) rows.push(row);
    return rows;
  }

  async *batches(size: number): AsyncGenerator<Row[]> {
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`The size of a batch is an integer of at least 1, not ${size}`);
    }
    let batch: Row[] = [];
    for await (const block of this.#rowBlocks()) {
      for (let start = 0; start < block.length; ) {
        const taken = block.slice(start, start + size - batch.length);
        for (const row of taken) batch.push(row);
        start += taken.length;
        if (batch.length < size) continue;
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }

  select<Column extends keyof Row>(...columns: readonly Column[]): RowSet<Pick<Row, Column>> {
    return new BlockRows<Pick<Row, Column>>(this.source, this.chosen(columns));
  }

  async export(file: string, options: ExportOptions = {}): Promise<ExportResult> {
    return exportRows(this.source, this.columns, file, options);
  }

  /** The columns of these names. */
  protected chosen(names: readonly PropertyKey[]): readonly ReadColumn[] {
    const unknown = names.find((name) => !this.columns.some((column) => column.name === name));
    if (unknown === undefined && names.length > 0) {
      return this.columns.filter(({ name }) => names.includes(name));
    }
    const all = this.columns.map(({ name }) => name).join(", ");
    throw new InputError(
      "unknown-column",
      unknown === undefined
        ? `select needs the name of at least one column: ${all}.`
        : `${this.source.what} have no column ${JSON.stringify(unknown)}. They have ${all}.`,
      { column: unknown },
    );
  }

  /** Blocks of these columns. */
  protected async *blocks(columns: readonly ReadColumn[]): AsyncGenerator<Block> {
    const { what } = this.source;
    const table = await this.source.open([...new Set(columns.map(sourceOf))]);
    const reader = table.session.blockReader({ table: table.table, columns, what });
    let size = reader.size;
    const read = (start: number): Promise<Block> | undefined => {
      if (start >= table.rows) return undefined;
      const block = reader.read(start, Math.min(size, table.rows - start));
      // It may fail while its user is busy, or be left behind: whoever awaits it sees that.
      block.catch(() => undefined);
      return block;
    };
    let next = read(0);
    try {
      for (let start = 0; next !== undefined; ) {
        const block = await next;
        start += block.rows;
        size = Math.min(reader.size, block.rows * 2);
        next = read(start);
        yield block;
      }
    } finally {
      await next?.catch(() => undefined);
      await table.release();
    }
  }

  async *#rowBlocks(): AsyncGenerator<Row[]> {
    const build = rowBuilder<Row>(this.columns);
    for await (const block of this.blocks(this.columns)) yield build(block);
  }
}

/** Makes rows of these columns. */
export function rowBuilder<Row>(columns: readonly ReadColumn[]): (block: Block) => Row[] {
  const build = buildObjects(columns.map(({ name }) => name));
  const seen = new Set<string>();
  const sources = columns.map((column) => {
    const name = sourceOf(column);
    const isCopy = seen.has(name);
    seen.add(name);
    return { name, isCopy };
  });
  return ({ values, rows }) => {
    const taken = sources.map(({ name, isCopy }) => {
      const own = values.get(name) ?? [];
      return isCopy ? own.map(copy) : own;
    });
    return build(taken, rows) as Row[];
  };
}

/** The column of the table that holds a column's values. */
function sourceOf({ name, from }: ReadColumn): string {
  return from ?? name;
}

/** Two columns with the same values share no object. */
function copy(value: unknown): unknown {
  return typeof value === "object" && value !== null ? { ...value } : value;
}
