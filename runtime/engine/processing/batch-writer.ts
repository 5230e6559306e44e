import { type ComputedItem, OutputBuffer } from "./output-buffer.ts";

/** Collects results, and writes one batch while the next one fills. */
export class BatchWriter {
  readonly #write: (batch: readonly ComputedItem[]) => Promise<void>;
  readonly #buffer: OutputBuffer;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** `maxRows` are the rows of a batch; `write` writes one. */
  constructor(maxRows: number, write: (batch: readonly ComputedItem[]) => Promise<void>) {
    this.#buffer = new OutputBuffer(maxRows);
    this.#write = write;
  }

  /** Adds a result to the batch. */
  add(item: ComputedItem): void {
    this.#buffer.add(item);
  }

  /** Waits until another result can be added: workers may be ahead of the database by one batch. */
  async waitForCapacity(): Promise<void> {
    while (this.#failure === undefined && this.#buffer.isDue) {
      if (this.#writing === undefined) this.#begin();
      else await this.#writing;
    }
    this.#throwIfFailed();
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    await this.#writing;
    this.#throwIfFailed();
    if (this.#buffer.isEmpty) return;
    this.#begin();
    await this.finish();
  }

  #begin(): void {
    this.#writing = this.#write(this.#buffer.take()).then(
      () => {
        this.#writing = undefined;
      },
      (error: unknown) => {
        this.#writing = undefined;
        this.#failure = { error };
      },
    );
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
