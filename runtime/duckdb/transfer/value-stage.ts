import { type DuckDBAppender, DuckDBDataChunk, type DuckDBType, type DuckDBValue } from "@duckdb/node-api";
import type { RowStage, StagedColumn } from "../../engine/engine.ts";
import type { Session } from "../session.ts";
import { createStage } from "./create-stage.ts";
import { encoderOf } from "./encode-value.ts";
import type { Encode } from "./scalar-codecs.ts";

/** Rows per data chunk: as many as a vector of DuckDB holds. */
const chunkRows = 2048;

/** Brings rows of any types, value by value. */
export class ValueStage implements RowStage {
  readonly #session: Session;
  readonly #appender: DuckDBAppender;
  readonly #types: readonly DuckDBType[];
  readonly #encoders: readonly Encode[];
  #row: DuckDBValue[] = [];
  #rows: DuckDBValue[][] = [];

  private constructor(
    session: Session,
    appender: DuckDBAppender,
    types: readonly DuckDBType[],
    columns: readonly StagedColumn[],
  ) {
    this.#session = session;
    this.#appender = appender;
    this.#types = types;
    this.#encoders = columns.map(({ type }) => encoderOf(type));
  }

  static async open(session: Session, name: string, columns: readonly StagedColumn[]): Promise<ValueStage> {
    return session.exclusive(async () => {
      const types = await createStage(session, name, columns);
      const appender = await session.attempt(() => session.connection.createAppender(name, "main", "temp"));
      return new ValueStage(session, appender, types, columns);
    });
  }

  get isFull(): boolean {
    return this.#rows.length >= chunkRows;
  }

  put(column: number, value: unknown): void {
    this.#row.push(this.#encoders[column]?.(value) ?? null);
  }

  endRow(): void {
    this.#rows.push(this.#row);
    this.#row = [];
  }

  async flush(): Promise<void> {
    if (this.#rows.length === 0) return;
    const data = DuckDBDataChunk.create(this.#types, this.#rows.length);
    data.setRows(this.#rows);
    this.#rows = [];
    await this.#session.exclusive(() => this.#session.attempt(() => this.#appender.appendDataChunk(data)));
  }

  async close(): Promise<void> {
    await this.#session.exclusive(() => this.#session.attempt(() => this.#appender.closeSync()));
  }
}
