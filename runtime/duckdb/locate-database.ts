import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../errors.ts";

/** Where a database is: in memory, or a file by its real path. */
export interface DatabaseLocation {
  /** Memory of one store, memory that the process shares by name, or a file. */
  readonly kind: "private-memory" | "shared-memory" | "file";
  /** What DuckDB opens. */
  readonly path: string;
  /** Tells databases of this process apart: the real path, or the name in memory. */
  readonly key: string;
  /** What messages call it: as the caller named it. */
  readonly name: string;
}

/** Two letters at least: one is a drive of Windows. */
const scheme = /^([a-z][a-z0-9+.-]+):/i;

/**
 * Finds the real path, so that one file is one location however it is named.
 *
 * `:memory:` is a database of its own each time; `:memory:name` is one for all stores of the process that name it.
 *
 * @throws InputError `unsupported-database` where the text is a URL: DuckDB would make a file of that name.
 */
export async function locateDatabase(database: string): Promise<DatabaseLocation> {
  assertText(database);
  if (database === ":memory:") {
    const key = `:memory:#${++inMemory}`;
    return { kind: "private-memory", path: database, key, name: "the in-memory store" };
  }
  if (database.startsWith(":memory:"))
    return { kind: "shared-memory", path: database, key: database, name: database };
  assertFile(database);
  const path = resolve(database);
  const real = await realpath(path).catch(async () => join(await realFolder(dirname(path)), basename(path)));
  return { kind: "file", path: real, key: real, name: database };
}

let inMemory = 0;

/** Whether a text names a database by a URL, as `md:my_db` or `postgres:dbname=x`. */
export function isDatabaseUrl(database: string): boolean {
  return scheme.test(database);
}

const expected = 'Pass the path of a file, ":memory:", or ":memory:name".';

function assertText(database: unknown): void {
  // What begins as memory is no file, though DuckDB would make one of that name.
  const isMistyped = (text: string) =>
    text.trim() === "" || (/^:memory/i.test(text) && !/^:memory:/.test(text));
  if (typeof database === "string" && !isMistyped(database) && !database.includes("\0")) return;
  throw new InputError(
    "unsupported-database",
    `${JSON.stringify(database)} does not name a database. ${expected}`,
    { database },
  );
}

function assertFile(database: string): void {
  const [prefix] = scheme.exec(database) ?? [];
  if (prefix === undefined) return;
  throw new InputError(
    "unsupported-database",
    `${database} is a URL, and a store opens files: ${prefix} is not supported yet. ${expected} For a file of that very name, write ./${database}.`,
    { database },
  );
}

async function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => folder);
}
