import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { textDecoder } from "@duckdb/node-api/lib/vectors/dataAccessors.js";
import { quoteIdentifier, quoteLiteral } from "../dialect/sql-text.ts";
import { attachFallbacks, beginUse, detachFallbacks, endUse } from "./attach-fallbacks.ts";
import { checkpointDatabase } from "./checkpoint-database.ts";
import { pinned, refusedSetting, type SettingsInOrder } from "./duckdb-settings.ts";
import type { DatabaseLocation } from "./locate-database.ts";
import { notADatabase } from "./opening-errors.ts";
import { Session, type SessionFacts } from "./session.ts";
import { translateError } from "./translate-error.ts";

/** A database that is open. */
export interface OpenDatabase {
  /** A session of its own, with the settings that a store relies on. */
  connect(): Promise<Session>;
  close(): Promise<void>;
}

/** How a database is opened. */
export interface OpenSettings extends SettingsInOrder {
  readonly readOnly: boolean;
}

/** How often each file is open in this process, by its key. */
const openFiles = new Map<string, number>();

/** The last opening of each file: a log is only dealt with by the first who opens it. */
const lastOpenings = new Map<string, Promise<unknown>>();

/**
 * Opens a database.
 *
 * A second instance of one file in one process would succeed and lose committed rows, so instances come from DuckDB's
 * cache, by real path. A missing extension must fail at once and not call a network.
 *
 * @throws StoreError `database-locked`, `database-not-found`, `database-unreadable`, `disk`; InputError where a setting
 *   is not one of DuckDB's.
 */
export function openDatabase(
  location: DatabaseLocation,
  settings: OpenSettings,
  fallbacks: readonly DatabaseLocation[] = [],
): Promise<OpenDatabase> {
  const before = lastOpenings.get(location.key) ?? Promise.resolve();
  const opening = before.catch(() => undefined).then(() => open(location, settings, fallbacks));
  const settled = opening
    .catch(() => undefined)
    .then(() => {
      if (lastOpenings.get(location.key) === settled) lastOpenings.delete(location.key);
    });
  lastOpenings.set(location.key, settled);
  return opening;
}

async function open(
  location: DatabaseLocation,
  settings: OpenSettings,
  fallbacks: readonly DatabaseLocation[],
): Promise<OpenDatabase> {
  keepByteOrderMarks();
  const isFirst = (openFiles.get(location.key) ?? 0) === 0;
  const hasWal =
    location.kind === "file" && isFirst && !settings.readOnly && (await walExists(location.path));
  const use = { location, readOnly: settings.readOnly, fallbacks };
  beginUse(use);
  const { instance, catalog } = await openInstance(location, settings).catch(async (error: unknown) => {
    endUse(use);
    throw await explainError(error, location, settings);
  });
  let facts: SessionFacts = {};
  const connect = async (): Promise<Session> => connectTo(instance, location.name, catalog, facts);
  openFiles.set(location.key, (openFiles.get(location.key) ?? 0) + 1);
  const close = async () => {
    const unused = endUse(use);
    if (unused.length > 0) await detachFallbacks(await connect(), unused);
    openFiles.set(location.key, (openFiles.get(location.key) ?? 1) - 1);
    instance.closeSync();
  };
  try {
    const session = await connect();
    try {
      if (location.kind === "file") await assertIsFile(session, location.name);
      if (settings.isLocked) await lockConfiguration(session);
      // A later checkpoint would compact what was deleted before, and move rows under an open increment.
      if (hasWal) await checkpointDatabase(session);
      facts = {
        collatedTables: await collatedTables(session),
        fallbacks: await attachFallbacks(session, fallbacks),
      };
    } finally {
      await session.close();
    }
    return { connect, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Instance {
  readonly instance: DuckDBInstance;
  /** The database's name in the instance, where it is not the one that the instance was opened with. */
  readonly catalog: string | undefined;
}

async function openInstance(location: DatabaseLocation, settings: OpenSettings): Promise<Instance> {
  const { path, kind } = location;
  const options = { autoinstall_known_extensions: "false", ...settings.first };
  if (kind === "private-memory")
    return { instance: await DuckDBInstance.create(path, options), catalog: undefined };
  if (kind === "shared-memory")
    return { instance: await DuckDBInstance.fromCache(path, options), catalog: undefined };
  if (isReserved(path)) return openAttached(path, settings);
  const access = settings.readOnly ? { access_mode: "READ_ONLY" } : {};
  try {
    return { instance: await DuckDBInstance.fromCache(path, { ...options, ...access }), catalog: undefined };
  } catch (error) {
    if (!isUnreplayable(error)) throw error;
    // Nothing may be written, not even what is in the log.
    if (settings.readOnly) return openAttached(path, settings);
    await replayLog(path);
    return { instance: await DuckDBInstance.fromCache(path, options), catalog: undefined };
  }
}

/**
 * DuckDB names a database after its file, and gives names of its own another ending only where they are in lower case.
 * What it then says is that `main` is ambiguous.
 */
function isReserved(path: string): boolean {
  const [name = ""] = basename(path).split(".");
  return name !== name.toLowerCase() && ["main", "temp", "system"].includes(name.toLowerCase());
}

/** DuckDB up to 1.5.6 writes some table changes into its log that it can't replay while it opens the file by itself. */
function isUnreplayable(error: unknown): boolean {
  return error instanceof Error && /Failure while replaying WAL/i.test(error.message);
}

const alias = "stemma_file";

/** Opens a file under another name, within an instance in memory: there, every log is replayed. */
async function openAttached(path: string, { first, readOnly }: OpenSettings): Promise<Instance> {
  const { enable_external_access: access, ...options } = first;
  const host = `:memory:stemma ${readOnly ? "reads" : "writes"} ${path}`;
  const instance = await DuckDBInstance.fromCache(host, {
    autoinstall_known_extensions: "false",
    // Beside the file, as DuckDB does it for a file that it opens by itself.
    temp_directory: `${path}.tmp`,
    ...options,
  });
  const connection = await instance.connect();
  try {
    await connection.run(
      `ATTACH IF NOT EXISTS ${quoteLiteral(path)} AS ${alias} (TYPE duckdb${readOnly ? ", READ_ONLY" : ""})`,
    );
    if (access !== undefined)
      await unlessLocked(connection.run(`SET GLOBAL enable_external_access = ${quoteLiteral(access)}`));
    return { instance, catalog: alias };
  } catch (error) {
    instance.closeSync();
    throw error;
  } finally {
    connection.closeSync();
  }
}

/** Refuses a file of another format: DuckDB opens JSON, CSV and the like in memory, where all that is written is lost. */
async function assertIsFile(session: Session, name: string): Promise<void> {
  const [found] = await session.rows(
    "SELECT path IS NOT NULL AS is_file FROM duckdb_databases() WHERE database_name = current_database()",
  );
  if (found?.["is_file"] !== true) throw notADatabase(name);
}

/** Brings a log that DuckDB can't replay by itself into its file. */
async function replayLog(path: string): Promise<void> {
  const { instance } = await openAttached(path, { first: {}, isLocked: false, readOnly: false });
  const connection = await instance.connect();
  try {
    await connection.run(`CHECKPOINT ${alias}`);
    await connection.run(`DETACH ${alias}`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function walExists(path: string): Promise<boolean> {
  return stat(`${path}.wal`).then(
    ({ size }) => size > 0,
    () => false,
  );
}

async function connectTo(
  instance: DuckDBInstance,
  name: string,
  catalog: string | undefined,
  facts: SessionFacts,
): Promise<Session> {
  let connection: DuckDBConnection | undefined;
  try {
    connection = await instance.connect();
    if (catalog !== undefined) await connection.run(`USE ${quoteIdentifier(catalog)}`);
    await unlessLocked(connection.run(pinned("SESSION")));
    return new Session(connection, name, facts);
  } catch (error) {
    connection?.closeSync();
    throw translateError(error, name);
  }
}

/** Only the catalog reports collations: no type prints its own. */
async function collatedTables(session: Session): Promise<ReadonlySet<string>> {
  const tables = await session.rows(
    `SELECT table_name FROM duckdb_tables()
     WHERE database_name = current_database() AND schema_name = 'main' AND sql ILIKE '% COLLATE %'`,
  );
  return new Set(tables.map((table) => String(table["table_name"])));
}

/** Sessions of a locked database can't pin their settings, so they are pinned for all of them before. */
async function lockConfiguration(session: Session): Promise<void> {
  const [current] = await session.rows("SELECT current_setting('lock_configuration') AS locked");
  if (current?.["locked"] !== true)
    await session.run(`${pinned("GLOBAL")}; SET GLOBAL lock_configuration = true`);
}

/** What is locked was set before. */
async function unlessLocked(setting: Promise<unknown>): Promise<void> {
  await setting.catch((error: unknown) => {
    if (!(error instanceof Error && /configuration has been locked/.test(error.message))) throw error;
  });
}

/** DuckDB does not say which setting it refuses. */
async function explainError(
  error: unknown,
  { name }: DatabaseLocation,
  { first }: OpenSettings,
): Promise<unknown> {
  const isSetting =
    error instanceof Error &&
    /Failed to set config|not recognized|To set the \w+ setting/.test(error.message);
  return (isSetting ? await refusedSetting(first, error) : undefined) ?? translateError(error, name);
}

/**
 * The driver decodes every text with one `TextDecoder`, which takes a leading U+FEFF for a mark of the encoding and drops
 * it (@duckdb/node-api 1.5.6-r.1): a stored text would be read as another one, and an id would not be found again.
 */
function keepByteOrderMarks(): void {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  textDecoder.decode = decoder.decode.bind(decoder);
}
