import { InputError } from "../../errors.ts";
import type { Session } from "../session.ts";
import { fileList } from "./find-files.ts";

/** Lines that a header may have: a name may hold a line break. */
const longestHeader = 100;

/**
 * The names in the first line of a CSV file.
 *
 * DuckDB guesses which line is the header: where the second line has another number of values, it skips the first
 * without a word.
 */
export async function csvHeader(session: Session, file: string, delimiter: string): Promise<string[]> {
  // One column of whole lines: no line has this character.
  const lines = await session.rows(
    `FROM read_csv(${fileList([file])}, auto_detect = false, header = false, columns = {'line': 'VARCHAR'},
       delim = '\\x01', quote = '', escape = '', nullstr = '\\x01', hive_partitioning = false) LIMIT ${longestHeader}`,
  );
  if (lines.length === 0) {
    throw new InputError(
      "file-unreadable",
      `${file} is empty. A CSV file has the names of its columns in the first line.`,
      { file },
    );
  }
  const names = firstRecord(lines.map((row) => String(row["line"] ?? "")).join("\n"), delimiter);
  if (names === undefined) {
    throw new InputError(
      "file-unreadable",
      `The first line of ${file} has a quote without an end. It has to have the names of the columns.`,
      { file },
    );
  }
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated === undefined) return names;
  throw new InputError(
    "file-unreadable",
    `${file} has two columns named ${JSON.stringify(repeated)}. Rename one of them.`,
    { file, column: repeated },
  );
}

/** The values of the first record of a text; undefined where a quote does not end. */
export function firstRecord(text: string, delimiter: string): string[] | undefined {
  const values: string[] = [];
  for (let start = 0; ; ) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(text.slice(start));
    if (quoted === null && text[start] === '"') return undefined;
    const end =
      start + (quoted?.[0].length ?? /^[^\r\n]*?(?=[\r\n]|$)/.exec(text.slice(start))?.[0].length ?? 0);
    const stop = quoted === null ? Math.min(end, indexOr(text, delimiter, start, end)) : end;
    values.push(quoted?.[1]?.replaceAll('""', '"') ?? text.slice(start, stop));
    if (text[stop] !== delimiter) return values;
    start = stop + 1;
  }
}

function indexOr(text: string, part: string, start: number, otherwise: number): number {
  const index = text.indexOf(part, start);
  return index === -1 ? otherwise : index;
}
