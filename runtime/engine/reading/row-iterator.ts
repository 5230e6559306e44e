/** Iterates the rows of blocks one by one, with less ado than a generator, which waits three times for each row. */
export class RowIterator<Row> implements AsyncIterableIterator<Row> {
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
