import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { translateError } from "./translate-error.ts";

/** Settings of DuckDB, as text. */
export type DuckSettings = Readonly<Record<string, string>>;

/** Where a database lies: in memory, or a file by its real path. */
export interface DatabasePlace {
  /** What DuckDB opens. */
  readonly path: string;
  /** Tells databases of this process apart: the real path; databases in memory are each their own. */
  readonly key: string;
  /** What messages call it: as the caller named it. */
  readonly name: string;
}

/** Finds the real path, so that one file is one place however it is named. */
export async function databasePlace(database: string): Promise<DatabasePlace> {
  if (isInMemory(database))
    return { path: database, key: `:memory:${++inMemory}`, name: "the in-memory store" };
  const path = resolve(database);
  const real = await realpath(path).catch(async () => join(await realFolder(dirname(path)), basename(path)));
  return { path: real, key: real, name: database };
}

let inMemory = 0;

function isInMemory(database: string): boolean {
  return database === ":memory:";
}

async function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => folder);
}

/**
 * Opens a database.
 *
 * A second instance of one file in one process would succeed and lose committed rows, so instances come from DuckDB's
 * cache, by real path. A missing extension must fail at once and not call a network.
 */
export async function openInstance(place: DatabasePlace, settings: DuckSettings): Promise<DuckDBInstance> {
  const options = { autoinstall_known_extensions: "false", ...settings };
  try {
    return isInMemory(place.path)
      ? await DuckDBInstance.create(place.path, options)
      : await DuckDBInstance.fromCache(place.path, options);
  } catch (error) {
    throw translateError(error, place.name);
  }
}
