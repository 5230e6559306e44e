import { InputError, isStemmaError, StoreError } from "../errors.ts";
import { openingErrors } from "./opening-errors.ts";
import { tableErrors } from "./table-errors.ts";

/**
 * Says a failure of DuckDB in our words, with the cause kept.
 *
 * Its bindings throw plain `Error`s; the kind is the text before ` Error:`. What is no failure of DuckDB, and what is
 * ours already, passes through.
 */
export function translateError(error: unknown, database: string): unknown {
  if (isStemmaError(error) || !(error instanceof Error)) return error;
  const kind = /^(\w+(?: \w+)*?) Error:/.exec(error.message)?.[1];
  if (kind === undefined) return error;
  const translation = translations.find(({ matches }) => matches.test(error.message));
  if (translation !== undefined) return translation.error(database, error);
  const [summary = ""] = error.message.split("\n");
  return new StoreError("database", `DuckDB failed in ${database}: ${summary}`, { database, kind }, error);
}

/** What failures of one kind are in our words. */
export interface Translation {
  readonly matches: RegExp;
  error(database: string, cause: Error): Error;
}

const noTable = /^Catalog Error: Table with name ([\s\S]*?) does not exist/;

/** The table that a statement names and the database lacks; undefined for another failure. */
export function missingTable(error: unknown): string | undefined {
  return error instanceof Error ? noTable.exec(error.message)?.[1] : undefined;
}

const statementErrors: readonly Translation[] = [
  {
    matches: /read-only mode/,
    error: (database, cause) =>
      new StoreError(
        "read-only",
        `${database} is open read-only: open it without readOnly to write.`,
        { database },
        cause,
      ),
  },
  {
    matches: /^Out of Memory Error/,
    error: (database, cause) =>
      new StoreError(
        "out-of-memory",
        `DuckDB ran out of memory in ${database}. Give it more with { duckdb: { memory_limit: "8GB" } }, or a temp_directory with room to spill to.`,
        { database },
        cause,
      ),
  },
  {
    matches: /No space left on device|max_temp_directory_size|Could not write file/,
    error: (database, cause) =>
      new StoreError(
        "disk",
        `The disk of ${database} is full or failed: ${firstLine(cause)}`,
        { database },
        cause,
      ),
  },
  {
    matches: /database has been invalidated|^(FATAL|INTERNAL) Error/,
    error: (database, cause) =>
      new StoreError(
        "database",
        `DuckDB gave ${database} up after an error of its own, and kept what was committed. Close every store on it, and open it again: ${firstLine(cause)}`,
        { database },
        cause,
      ),
  },
  {
    matches: noTable,
    error: (database, cause) =>
      new StoreError(
        "conflict",
        `A table of ${database} was dropped while it was in use. Nothing was written: resolve again.`,
        { database, missing: missingTable(cause) },
        cause,
      ),
  },
  {
    matches: /TransactionContext Error|Transaction conflict|write-write conflict|Conflict on/i,
    error: (database, cause) =>
      new StoreError(
        "conflict",
        `Another connection changed the same table of ${database} at the same time. Nothing was written: try again.`,
        { database },
        cause,
      ),
  },
  {
    matches: /^(Conversion|Out of Range) Error/,
    error: (database, cause) =>
      new StoreError(
        "wrong-stored-type",
        `A value in ${database} does not fit the type that its spec declares: ${firstLine(cause)}`,
        { database },
        cause,
      ),
  },
  {
    matches: /^INTERRUPT Error/,
    error: (_, cause) => new InputError("cancelled", "The work was cancelled.", {}, cause),
  },
];

const translations: readonly Translation[] = [...openingErrors, ...statementErrors, ...tableErrors];

/** What DuckDB says first, without the kind of the error. */
function firstLine(cause: Error): string {
  const [line = ""] = cause.message.split("\n");
  return line.replace(/^[\w ]+ Error: /, "");
}
