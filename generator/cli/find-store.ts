import { resolve } from "node:path";
import type { CliError } from "../diagnostics/cli-error.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { fail, ok, okUnless, type Result } from "../pipeline/result.ts";
import type { ProjectConfig, StoreSettings } from "../project/settings/index.ts";
import type { CliIo } from "./console.ts";
import { isDatabaseUrl } from "./stores.ts";

/** The database of a store. */
export interface StoreLocation {
  /** Its name in messages: the name of a store, or a path. */
  readonly name: string;
  /** Absolute path. */
  readonly database: string;
  readonly hash?: NonNullable<StoreSettings["hash"]>;
}

/**
 * Finds the database of a store: by its name in the settings, by a path relative to the working directory, or, if the
 * user names none, by the setting `defaultStore`.
 */
export function findStore(
  requested: string | undefined,
  { root, config }: { readonly root: string; readonly config: ProjectConfig },
  io: Pick<CliIo, "cwd" | "env">,
): Result<StoreLocation> {
  const { stores, defaultStore } = config;
  const name = requested ?? defaultStore;
  if (name === undefined) return fail(noStore(Object.keys(stores)));
  const settings = Object.hasOwn(stores, name) ? stores[name] : undefined;
  if (settings === undefined) {
    return isPath(name) || isDatabaseUrl(name)
      ? ok({ name, database: databaseFrom(io.cwd, name) })
      : fail(unknownStore(name, Object.keys(stores)));
  }
  const expanded = expandVariables(settings.database, io.env);
  if (!expanded.ok) return fail(unsetVariable(name, settings.database, expanded.errors[0]));
  const hash = settings.hash === undefined ? {} : { hash: settings.hash };
  return ok({ name, database: databaseFrom(root, expanded.value), ...hash });
}

/** An absolute path. A URL stays as it is, and is refused when it is opened. */
function databaseFrom(folder: string, database: string): string {
  return isDatabaseUrl(database) ? database : resolve(folder, database);
}

/** A name with a dot or a slash is a path, not a misspelled store. */
function isPath(name: string): boolean {
  return /[./\\]/.test(name);
}

function noStore(known: readonly string[]): CliError {
  return {
    code: "store-missing",
    message: "No store is named.",
    hint:
      known.length === 0
        ? "Give the path of a database, as in --store features.duckdb, or name one in the setting `stores`."
        : `Name one (${known.join(", ")}), or the path of a database. The setting \`defaultStore\` names the default.`,
  };
}

function unknownStore(name: string, known: readonly string[]): CliError {
  const suggestion = suggest(name, known);
  const hints = [
    ...(suggestion === undefined ? [] : [`Did you mean ${suggestion}?`]),
    ...(suggestion !== undefined || known.length === 0 ? [] : [`Known: ${known.join(", ")}.`]),
    `If it is the path of a database, write ./${name}.`,
  ];
  return { code: "store-unknown", message: `Unknown store ${name}.`, hint: hints.join(" ") };
}

function unsetVariable(name: string, database: string, variable: string): CliError {
  return {
    code: "variable-unset",
    message: `The database of the store ${name} is ${database}, and ${variable} is not set.`,
    hint: `Set the environment variable, or give it a default: \${${variable}:-features.duckdb}.`,
  };
}

/**
 * Replaces environment variables in a text: `${NAME}`, and `${NAME:-default}` if it may be unset or empty.
 *
 * @returns The text, or the names of variables that are unset.
 *
 * @example
 * ```ts
 * expandVariables("${DATA:-.}/features.duckdb", {}); // { ok: true, value: "./features.duckdb" }
 * ```
 */
export function expandVariables(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Result<string, string> {
  const unset: string[] = [];
  const expanded = text.replace(variable, (_, name: string, fallback: string | undefined) => {
    const value = env[name] || fallback;
    if (value === undefined) unset.push(name);
    return value ?? "";
  });
  return okUnless(unset, expanded);
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
