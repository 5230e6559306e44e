import type { SourceSpan } from "../diagnostics/location.ts";
import { lineEnd } from "../diagnostics/source-lines.ts";

/** Finds lines and columns of a text by offset. */
export class TextLines {
  readonly #file: string;
  readonly #text: string;
  #knownStarts: readonly number[] | undefined;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  /** Offsets at which lines begin, found when somebody asks for a place: mostly nobody does. */
  get #starts(): readonly number[] {
    this.#knownStarts ??= [
      0,
      ...Array.from(this.#text.matchAll(lineEnd), (found) => found.index + found[0].length),
    ];
    return this.#knownStarts;
  }

  /** The place of a range; of one that goes over several lines, its part on the first. */
  locate(start: number, end: number): SourceSpan {
    const line = this.#lineAt(start);
    const lineStart = this.#starts[line] ?? 0;
    const rest = this.#text.slice(start, end);
    const lineEnd = rest.search(/[\r\n]/);
    const length = Math.max(1, lineEnd === -1 ? rest.length : lineEnd);
    return { file: this.#file, line: line + 1, column: start - lineStart + 1, length };
  }

  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
