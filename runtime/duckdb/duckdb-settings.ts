import { DuckDBInstance } from "@duckdb/node-api";
import { quoteLiteral } from "../dialect/sql-text.ts";
import { InputError } from "../errors.ts";
import { suggest } from "../filter/suggest.ts";

/** Settings of DuckDB, as text. */
export type DuckSettings = Readonly<Record<string, string>>;

/** What decides which values are equal, how they are ordered, and how they read as text. Each session pins it. */
const pinnedSettings: DuckSettings = {
  default_order: "ASC",
  default_null_order: "NULLS_LAST",
  default_collation: "",
  timezone: "UTC",
  calendar: "gregorian",
  integer_division: "false",
  ieee_floating_point_ops: "true",
  old_implicit_casting: "false",
  preserve_insertion_order: "true",
};

/** SQL that pins the settings of a session, whatever was set for the whole database, or those of all later sessions. */
export function pinned(scope: "SESSION" | "GLOBAL"): string {
  return Object.entries(pinnedSettings)
    .map(([name, value]) => `SET ${scope} ${name} = ${quoteLiteral(value)}`)
    .join("; ");
}

/** Settings that a store has to itself, and why. */
const refused: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.keys(pinnedSettings).map((name) => [
      name,
      "it changes which values are equal, their order or their text",
    ]),
  ),
  null_order: "it changes the order of values",
  disable_timestamptz_casts: "it changes which times can be read",
  scalar_subquery_error_on_multiple_rows: "it changes what queries give",
  order_by_non_integer_literal: "it changes what queries give",
  lambda_syntax: "it changes how queries are read",
  preserve_identifier_case: "it changes the names of columns",
  errors_as_json: "it changes the errors that Stemma explains",
  warnings_as_errors: "it changes which queries fail",
  schema: "the tables of features are in the schema main",
  search_path: "the tables of features are in the schema main",
  access_mode: "the option readOnly says it",
};

/** Settings that can only be set when all else is set. */
const lockSetting = "lock_configuration";

/** Settings, by when they are set. */
export interface SettingsInOrder {
  /** When the database is opened. */
  readonly first: DuckSettings;
  /** Whether nobody may change a setting afterwards. */
  readonly isLocked: boolean;
}

/**
 * Checks the settings that a caller passes, as far as that goes without DuckDB.
 *
 * @throws InputError `unknown-option` where a setting is one that a store has to itself, or no text.
 */
export function orderSettings(given: Readonly<Record<string, unknown>> = {}): SettingsInOrder {
  const settings = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name.toLowerCase(), textOf(name, value)] as const);
  for (const [name, value] of settings) assertAllowed(name, value);
  const first = settings.filter(([name]) => name !== lockSetting && pinnedSettings[name] === undefined);
  const locked = settings.find(([name]) => name === lockSetting)?.[1];
  return { first: Object.fromEntries(first), isLocked: locked !== undefined && isTrue(locked) };
}

function assertAllowed(name: string, value: string): void {
  const reason = refused[name];
  if (reason === undefined || sameValue(pinnedSettings[name], value)) {
    if (name !== lockSetting || isTrue(value) || isFalse(value)) return;
    throw wrongValue(name, value, "expected true or false");
  }
  throw new InputError("unknown-option", `duckdb.${name} can't be set on a store: ${reason}. Leave it out.`, {
    setting: name,
    value,
  });
}

function sameValue(expected: string | undefined, value: string): boolean {
  return expected?.toLowerCase().replace("_", " ") === value.trim().toLowerCase().replace("_", " ");
}

function isTrue(value: string): boolean {
  return /^(true|1|on|yes|t)$/i.test(value.trim());
}

function isFalse(value: string): boolean {
  return /^(false|0|off|no|f)$/i.test(value.trim());
}

function textOf(name: string, value: unknown): string {
  if (typeof value === "string" && !value.includes("\0")) return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  throw new InputError("wrong-type", `duckdb.${name} has to be a string, as in { memory_limit: "4GB" }.`, {
    setting: name,
  });
}

function wrongValue(name: string, value: string, reason: string, cause?: unknown): InputError {
  return new InputError(
    "wrong-type",
    `duckdb.${name} can't be ${JSON.stringify(value)}: ${reason}.`,
    { setting: name, value },
    cause,
  );
}

/**
 * Finds the setting for which DuckDB refused to open a database: it does not say which. Undefined where each of them
 * can be set.
 */
export async function refusedSetting(settings: DuckSettings, error: Error): Promise<InputError | undefined> {
  const [, extensionSetting = "", extension = ""] =
    /To set the (\w+) setting, the (\w+) extension needs/.exec(error.message) ?? [];
  // Here the extension may be loaded by itself, which a store does not do.
  const given = settings[extensionSetting];
  if (given !== undefined)
    return wrongValue(
      extensionSetting,
      given,
      `it belongs to the extension ${extension}, which a store does not load`,
      error,
    );
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll("SELECT name, scope FROM duckdb_settings()");
    const scopes = new Map(reader.getRows().map(([name, scope]) => [String(name).toLowerCase(), scope]));
    for (const [name, value] of accessLast(Object.entries(settings))) {
      const scope = scopes.get(name);
      if (scope === undefined) return unknownSetting(name, scopes.keys());
      if (scope === "LOCAL")
        return wrongValue(name, value, "DuckDB sets it for one connection, and a store opens several");
      const error = await connection
        .run(`SET GLOBAL ${name} = ${quoteLiteral(value)}`)
        .then(() => undefined)
        .catch((thrown: Error) => thrown);
      if (error !== undefined) return wrongValue(name, value, reasonOf(error), error);
    }
    return undefined;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Without access to files, other settings can't be tried. */
function accessLast(
  settings: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const isAccess = ([name]: readonly [string, string]) => name === "enable_external_access";
  return [...settings.filter((setting) => !isAccess(setting)), ...settings.filter(isAccess)];
}

function unknownSetting(name: string, known: Iterable<string>): InputError {
  const suggestion = suggest(name, known);
  const hint =
    suggestion === undefined ? "See the settings that DuckDB documents." : `Did you mean ${suggestion}?`;
  return new InputError("unknown-option", `duckdb.${name} is not a setting of DuckDB. ${hint}`, {
    setting: name,
  });
}

function reasonOf(error: Error): string {
  const [line = ""] = error.message.split("\n");
  return line.replace(/^[\w ]+ Error: /, "").replace(/\.$/, "");
}
