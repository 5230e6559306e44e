import { quoteIdentifier, quoteLiteral } from "../dialect/sql-text.ts";
import type { FallbackDatabase } from "../engine/engine.ts";
import { InputError, StoreError } from "../errors.ts";
import { type DatabaseLocation, locateDatabase } from "./locate-database.ts";
import type { Session } from "./session.ts";

/** A name for each file under which databases of this process have it attached: real path → name. */
const aliases = new Map<string, string>();

/** A database that is open in this process, and the fallbacks that it reads. */
export interface DatabaseUse {
  readonly location: DatabaseLocation;
  readonly readOnly: boolean;
  readonly fallbacks: readonly DatabaseLocation[];
}

const uses = new Set<DatabaseUse>();

/**
 * Notes that a database is open. Refuses a file that is to be read as a fallback and written at the same time, and says
 * which store is in the way.
 */
export function beginUse(use: DatabaseUse): void {
  const others = [...uses];
  for (const { key, name } of use.fallbacks)
    if (others.some(({ location, readOnly }) => location.key === key && !readOnly))
      throw openForWriting(name);
  const reader = others.find(({ fallbacks }) => fallbacks.some(({ key }) => key === use.location.key));
  if (reader !== undefined && !use.readOnly) {
    throw new StoreError(
      "database-locked",
      `${use.location.name} is a fallback of ${reader.location.name}, which is open in this process: close that store first, or open both read-only.`,
      { database: use.location.name, sameProcess: true },
    );
  }
  uses.add(use);
}

/** Notes that a database is closed. Returns the fallbacks that no other store on the same database reads. */
export function endUse(use: DatabaseUse): readonly DatabaseLocation[] {
  uses.delete(use);
  const same = [...uses].filter(({ location }) => location.key === use.location.key);
  const used = new Set(same.flatMap(({ fallbacks }) => fallbacks.map(({ key }) => key)));
  return use.fallbacks.filter(({ key }) => !used.has(key));
}

/** Detaches files from a database, so that they can be written and attached anew. Closes the session. */
export async function detachFallbacks(
  session: Session,
  locations: readonly DatabaseLocation[],
): Promise<void> {
  try {
    for (const { key } of locations) {
      const alias = aliases.get(key);
      if (alias !== undefined) await session.run(`DETACH DATABASE IF EXISTS ${quoteIdentifier(alias)}`);
    }
  } finally {
    await session.close();
  }
}

/** Finds the files of fallbacks. Refuses the store's own, one that is listed twice, and what is no file. */
export async function locateFallbacks(
  databases: readonly string[],
  own: DatabaseLocation,
): Promise<readonly DatabaseLocation[]> {
  if (!Array.isArray(databases) || databases.some((database) => typeof database !== "string"))
    throw new InputError("wrong-type", 'fallback is a list of files, such as ["prod.duckdb"].', {
      option: "fallback",
    });
  const locations = await Promise.all(databases.map((database) => locateDatabase(database)));
  for (const [index, { key, kind, name }] of locations.entries()) {
    if (kind !== "file")
      throw new InputError("unsupported-database", `${name} can't be a fallback: only a file can.`, {
        database: name,
      });
    if (key === own.key)
      throw new InputError("same-store", `${name} is the store itself, and can't be its own fallback.`, {
        database: name,
      });
    if (locations.findIndex((location) => location.key === key) !== index)
      throw new InputError("same-store", `${name} is listed twice among the fallbacks.`, { database: name });
  }
  return locations;
}

/** Attaches files to a database, read-only. All of its sessions see them. */
export async function attachFallbacks(
  session: Session,
  locations: readonly DatabaseLocation[],
): Promise<readonly FallbackDatabase[]> {
  const attached: FallbackDatabase[] = [];
  for (const { key, path, name } of locations) {
    const alias = aliases.get(key) ?? `stemma_fallback_${aliases.size + 1}`;
    aliases.set(key, alias);
    const quoted = quoteIdentifier(alias);
    try {
      await session.run(`ATTACH IF NOT EXISTS ${quoteLiteral(path)} AS ${quoted} (TYPE duckdb, READ_ONLY)`);
    } catch (error) {
      throw explainAttaching(error, name);
    }
    attached.push({ database: name, schema: `${quoted}.main` });
  }
  return attached;
}

function explainAttaching(error: unknown, name: string): unknown {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : "";
  if (/does not exist|No such file/.test(message)) {
    return new StoreError(
      "database-not-found",
      `The fallback ${name} does not exist, and is only read. Check the path.`,
      { database: name },
      cause,
    );
  }
  return /Could not set lock|Unique file handle conflict|already attached/.test(message)
    ? openForWriting(name, cause)
    : error;
}

function openForWriting(name: string, cause?: unknown): StoreError {
  return new StoreError(
    "database-locked",
    `The fallback ${name} is open for writing. A fallback can be read while nobody writes to it: open this store once that one is closed.`,
    { database: name, sameProcess: cause === undefined },
    cause,
  );
}
