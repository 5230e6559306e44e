import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { InputError } from "../../errors.ts";

/** Characters that a header may have. */
const longestHeader = 1_000_000;

/**
 * The names in the first line of a CSV file.
 *
 * DuckDB guesses which line is the header: where the second line has another number of values, it skips the first
 * without a word.
 */
export async function csvHeader(file: string, delimiter: string): Promise<string[]> {
  const names = await readHeader(file, delimiter);
  if (names.some((name) => name.includes("\ufffd"))) throw unreadable(file, "is not a text in UTF-8.");
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined)
    throw unreadable(file, `has two columns named ${JSON.stringify(repeated)}. Rename one of them.`);
  if (names.every((name) => name === "")) throw unreadable(file, `is empty, ${expected}`);
  return names;
}

const expected = "and a CSV file has the names of its columns in the first line.";

async function readHeader(file: string, delimiter: string): Promise<string[]> {
  const handle = await open(file);
  try {
    const bytes = handle.createReadStream({ autoClose: false });
    const stream: AsyncIterable<Uint8Array> = /\.gz$/i.test(file) ? bytes.pipe(createGunzip()) : bytes;
    // It takes a byte order mark away.
    const decoder = new TextDecoder("utf-8");
    let text = "";
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      const names = firstRecord(text, delimiter);
      if (names !== undefined) return names;
      if (text.length > longestHeader) break;
    }
    const names = firstRecord(`${text}\n`, delimiter);
    if (names !== undefined) return names;
    throw unreadable(file, `has a quote without an end in its first line, ${expected}`);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw unreadable(file, `can't be read: ${String(error)}`, error);
  } finally {
    await handle.close();
  }
}

/** The values of the first record of a text; undefined where the record does not end in it. */
export function firstRecord(text: string, delimiter: string): string[] | undefined {
  const values: string[] = [];
  for (let start = 0; ; ) {
    let end = text[start] === '"' ? endOfQuoted(text, start) : start;
    if (end === undefined) return undefined;
    const isQuoted = end > start;
    while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end += 1;
    if (end === text.length) return undefined;
    const value = text.slice(start, end);
    values.push(isQuoted ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (text[end] !== delimiter) return values;
    start = end + 1;
  }
}

/** The place behind the quote that ends a value; undefined where there is none, or the text ends with it. */
function endOfQuoted(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length - 1; at++) {
    if (text[at] !== '"') continue;
    if (text[at + 1] !== '"') return at + 1;
    at += 1;
  }
  return undefined;
}

function unreadable(file: string, problem: string, cause?: unknown): InputError {
  return new InputError("file-unreadable", `${file} ${problem}`, { file, format: "csv" }, cause);
}
