import type { TextSink } from "./text-sink.ts";

const separator = "\x1e";
const nullSentinel = "\x1d";

/** Rows of a block, unless its texts are long. */
const maxBlockRows = 4096;

/** Characters of a block that is full whatever its number of rows. */
const maxBlockChars = 8 * 1024 * 1024;

/**
 * Rows as texts, part by part. Each part crosses as one text, `\x1e` between those of its rows and `\x1d` for none;
 * inside a text they are escaped as `\x1d1` and `\x1d0`.
 */
export class TextBlock implements TextSink {
  readonly #parts: string[][];
  readonly #isPresent: boolean[];
  #size = 0;
  #rows = 0;
  #isEscaped = false;

  constructor(parts: number) {
    this.#parts = Array.from({ length: parts }, () => []);
    this.#isPresent = this.#parts.map(() => false);
  }

  get rows(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#rows >= maxBlockRows || this.#size >= maxBlockChars;
  }

  /** Whether texts have to be unescaped, which costs more. */
  get isEscaped(): boolean {
    return this.#isEscaped;
  }

  putText(part: number, text: string): void {
    if (text.includes(nullSentinel) || text.includes(separator)) {
      this.#isEscaped = true;
      this.putPlain(
        part,
        text.replaceAll(nullSentinel, `${nullSentinel}0`).replaceAll(separator, `${nullSentinel}1`),
      );
    } else {
      this.putPlain(part, text);
    }
  }

  putPlain(part: number, text: string): void {
    this.#parts[part]?.push(text);
    this.#isPresent[part] = true;
    this.#size += text.length;
  }

  putNull(part: number): void {
    this.#parts[part]?.push(nullSentinel);
  }

  endRow(): void {
    this.#rows += 1;
  }

  /** Each part as one text; null where no row has a text there, except for the first: rows are counted by it. */
  joined(): (string | null)[] {
    return this.#parts.map((texts, part) =>
      part === 0 || this.#isPresent[part] === true ? texts.join(separator) : null,
    );
  }
}
