import { StoreError } from "../errors.ts";
import type { Translation } from "./translate-error.ts";

/** Why a database can't be opened. */
export const openingErrors: readonly Translation[] = [
  {
    matches: /Could not set lock on file/,
    error: (database, cause) =>
      new StoreError(
        "database-locked",
        `${database} is held by another process${holder(cause)}. A DuckDB file has one writer at a time: wait until it is done (openStore(path, { retry: { seconds: 60 } }) does), or open with { readOnly: true } once no process writes.`,
        { database },
        cause,
      ),
  },
  {
    // The second is a file that is open under another name of ours, as one with a log that DuckDB can't replay.
    matches: /different configuration than existing connections|Unique file handle conflict/,
    error: (database, cause) =>
      new StoreError(
        "database-locked",
        `${database} is already open in this process with other settings. Close that store first, or open both with the same readOnly and duckdb settings.`,
        { database, sameProcess: true },
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
    matches: /created with a newer version of DuckDB/,
    error: (database, cause) =>
      new StoreError(
        "database-unreadable",
        `${database} was made by a newer DuckDB than this one: ${storageVersions(cause)}. Three ways out: let Stemma make the file, which newer programs can read and write too; in the program that makes it, set storage_compatibility_version to v1.0.0; or copy it there with ATTACH 'copy.duckdb' AS copy (STORAGE_VERSION 'v1.0.0') and COPY FROM DATABASE.`,
        { database },
        cause,
      ),
  },
  {
    matches: /created with (an older|DuckDB version)|older version of DuckDB|storage version/,
    error: (database, cause) =>
      new StoreError(
        "database-unreadable",
        `${database} was made by an old DuckDB that this one can't read: ${storageVersions(cause)}. Export it there with EXPORT DATABASE, and import it into a new file.`,
        { database },
        cause,
      ),
  },
  {
    matches: /Corrupt database file|Could not read enough bytes|checksum/i,
    error: (database, cause) =>
      new StoreError(
        "database-unreadable",
        `${database} is damaged, or was copied while a program wrote to it. Use another copy of the file and its .wal, made while no program had it open.`,
        { database },
        cause,
      ),
  },
  {
    matches: /not a valid DuckDB database file|Is a directory/,
    error: (database, cause) =>
      new StoreError(
        "database-unreadable",
        `${database} is not a DuckDB database: it is ${/Is a directory/.test(cause.message) ? "a folder" : "another kind of file"}. Check the path.`,
        { database },
        cause,
      ),
  },
  {
    // What DuckDB takes for another format, it opens in memory or with an extension.
    matches: /Cannot launch in-memory database|Extension "[^"]*_scanner/,
    error: notADatabase,
  },
  {
    matches: /Permission denied|Read-only file system/,
    error: (database, cause) =>
      new StoreError(
        "database-forbidden",
        `${database} can't be opened: the permission is missing. Check that the file and its folder are yours to write, or open it with { readOnly: true }.`,
        { database },
        cause,
      ),
  },
  {
    matches: /Cannot open file/,
    error: (database, cause) =>
      new StoreError(
        "database-not-found",
        `${database} can't be opened: ${/No such file/.test(cause.message) ? "there is no such folder" : "the system refuses it"}. Check that its folder exists and is yours to write.`,
        { database },
        cause,
      ),
  },
];

function holder(cause: Error): string {
  const held = /Conflicting lock is held in ([^.]*?\(PID \d+\))/.exec(cause.message)?.[1];
  return held === undefined ? "" : ` (${held})`;
}

function storageVersions(cause: Error): string {
  const [, version, lowest, highest] =
    /version number (\d+), but we can only read versions between (\d+) and (\d+)/.exec(cause.message) ?? [];
  return version === undefined
    ? "its storage version is another"
    : `its storage version is ${version}, and ${lowest} to ${highest} can be read`;
}

/** A file of another format than DuckDB's own. */
export function notADatabase(database: string, cause?: Error): StoreError {
  return new StoreError(
    "database-unreadable",
    `${database} is not a DuckDB database, and can't be opened as a store. Check the path.`,
    { database },
    cause,
  );
}
