import { InputError, isStemmaError, StoreError } from "../../errors.ts";

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

interface Translation {
  readonly matches: RegExp;
  error(database: string, cause: Error): Error;
}

const translations: readonly Translation[] = [
  {
    matches: /Could not set lock on file/,
    error: (database, cause) =>
      new StoreError(
        "database-locked",
        `${database} is held by another process${holder(cause)}. A DuckDB file has one writer at a time: wait until it is done, or open with { readOnly: true } once no process writes.`,
        { database },
        cause,
      ),
  },
  {
    matches: /different configuration than existing connections/,
    error: (database, cause) =>
      new StoreError(
        "database-locked",
        `${database} is already open in this process with other settings. Close that store first, or open both with the same readOnly and duckdb settings.`,
        { database },
        cause,
      ),
  },
  {
    matches: /database does not exist/,
    error: (database, cause) =>
      new StoreError(
        "database-not-found",
        `${database} does not exist, and a read-only store can't create it. Check the path, or open it without readOnly.`,
        { database },
        cause,
      ),
  },
  {
    matches:
      /not a valid DuckDB database file|Is a directory|older version of DuckDB|storage version|newer version/,
    error: (database, cause) =>
      new StoreError(
        "database-unreadable",
        `${database} is not a DuckDB database that this version can read: ${firstLine(cause)}`,
        { database },
        cause,
      ),
  },
  {
    // What DuckDB takes for another format, it opens in memory or with an extension.
    matches: /Cannot launch in-memory database|Extension "[^"]*_scanner/,
    error: (database, cause) =>
      new StoreError(
        "database-unreadable",
        `${database} is not a DuckDB database, and can't be opened as a store. Check the path.`,
        { database },
        cause,
      ),
  },
  {
    matches: /Cannot open file|Permission denied|Read-only file system/,
    error: (database, cause) =>
      new StoreError(
        "database-not-found",
        `${database} can't be opened: ${firstLine(cause)}. Check that its folder exists and is yours to write.`,
        { database },
        cause,
      ),
  },
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

function holder(cause: Error): string {
  const held = /Conflicting lock is held in ([^.]*?\(PID \d+\))/.exec(cause.message)?.[1];
  return held === undefined ? "" : ` (${held})`;
}

function firstLine(cause: Error): string {
  const [line = ""] = cause.message.split("\n");
  return line.replace(/^[\w ]+ Error: /, "");
}
