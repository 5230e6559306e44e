import type { RowSet } from "../../increment.ts";
import type { Session } from "../connection/session.ts";
import type { Decode } from "../values/decode-value.ts";

/** A column of rows that are read: its name and how its values become JavaScript's. */
export interface ReadColumn {
  readonly name: string;
  readonly decode: Decode;
}

/** Rows in a temporary table, lying in order. */
export interface RowTable {
  readonly session: Session;
  /** Quoted. */
  readonly table: string;
  readonly rows: number;
  /** Called when a reader is done with it. */
  release(): Promise<void>;
}

/** Where rows come from. */
export interface RowSource {
  readonly columns: readonly ReadColumn[];
  /** Called by each reader. */
  open(): Promise<RowTable>;
}

/** Rows per block that crosses into JavaScript. */
const blockRows = 8192;

/**
 * Rows that are read in blocks from a temporary table.
 *
 * So they stay as they were, any number of readers can go through them at their own pace, and memory does not grow
 * with their number.
 */
export class BlockRows<Row> implements RowSet<Row> {
  readonly #source: RowSource;

  constructor(source: RowSource) {
    this.#source = source;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
    for await (const block of this.#blocks(blockRows)) yield* block;
  }

  async toArray(): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const block of this.#blocks(blockRows)) for (const row of block) rows.push(row);
    return rows;
  }

  async *batches(size: number): AsyncGenerator<Row[]> {
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`The size of a batch is an integer of at least 1, not ${size}`);
    }
    yield* this.#blocks(size);
  }

  async *#blocks(size: number): AsyncGenerator<Row[]> {
    const { session, table, rows, release } = await this.#source.open();
    try {
      for (let start = 0; start < rows; start += size) {
        const block = await session.exclusive(() =>
          session.read(`SELECT * FROM ${table} WHERE rowid >= ${start} AND rowid < ${start + size}`),
        );
        yield rowObjects<Row>(block.getColumns(), this.#source.columns);
      }
    } finally {
      await release();
    }
  }
}

function rowObjects<Row>(values: ReturnType<Decodable>, columns: readonly ReadColumn[]): Row[] {
  const decoded = columns.map(({ decode }, index) => (values[index] ?? []).map(decode));
  return (decoded[0] ?? []).map(
    (_, row) => Object.fromEntries(columns.map(({ name }, column) => [name, decoded[column]?.[row]])) as Row,
  );
}

type Decodable = Awaited<ReturnType<Session["read"]>>["getColumns"];
