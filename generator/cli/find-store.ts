import { resolve } from "node:path";
import { isDatabaseUrl } from "../../runtime/duckdb/locate-database.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { Outcome, Problem } from "../project/output/index.ts";
import { expandVariables, type ProjectConfig, type StoreSettings } from "../project/settings/index.ts";
import type { CliIo } from "./cli-io.ts";

/** A database that a user means. */
export interface StoreLocation {
  /** As messages name it: the name of a store, or a path. */
  readonly name: string;
  /** Absolute path. */
  readonly database: string;
  readonly hash?: NonNullable<StoreSettings["hash"]>;
}

/**
 * Finds the database that is meant by the name of a store in the settings, by a path from where the command was
 * started, or, where nothing is named, by the setting `defaultStore`.
 */
export function findStore(
  requested: string | undefined,
  { root, config }: { readonly root: string; readonly config: ProjectConfig },
  io: Pick<CliIo, "cwd" | "env">,
): Outcome<StoreLocation> {
  const { stores, defaultStore } = config;
  const name = requested ?? defaultStore;
  if (name === undefined) return fail(noDefault(Object.keys(stores)));
  const settings = Object.hasOwn(stores, name) ? stores[name] : undefined;
  if (settings === undefined) {
    return isPath(name) || isDatabaseUrl(name)
      ? { kind: "done", value: { name, database: databaseFrom(io.cwd, name) } }
      : fail(unknownStore(name, Object.keys(stores)));
  }
  const expanded = expandVariables(settings.database, io.env);
  if (expanded.kind === "unset") {
    return fail({
      message: `The database of the store ${name} is ${settings.database}, and ${expanded.variable} is not set.`,
      hint: `Set the environment variable, or give it a default: \${${expanded.variable}:-features.duckdb}.`,
    });
  }
  const hash = settings.hash === undefined ? {} : { hash: settings.hash };
  return { kind: "done", value: { name, database: databaseFrom(root, expanded.text), ...hash } };
}

/** An absolute path; a URL stays as it is, so that it is refused for what it is. */
function databaseFrom(folder: string, database: string): string {
  return isDatabaseUrl(database) ? database : resolve(folder, database);
}

/** A name with a dot or a slash is no typo of a store's. */
function isPath(name: string): boolean {
  return /[./\\]/.test(name);
}

function noDefault(known: readonly string[]): Problem {
  return {
    message: "No store is named.",
    hint:
      known.length === 0
        ? "Give the path of a database, as in --store features.duckdb, or name one in the setting `stores`."
        : `Name one (${known.join(", ")}), or the path of a database; the setting \`defaultStore\` names the one that is meant otherwise.`,
  };
}

function unknownStore(name: string, known: readonly string[]): Problem {
  const suggestion = suggest(name, known);
  const hints = [
    ...(suggestion === undefined ? [] : [`Did you mean ${suggestion}?`]),
    ...(suggestion !== undefined || known.length === 0 ? [] : [`Known: ${known.join(", ")}.`]),
    `If it is the path of a database, write ./${name}.`,
  ];
  return { message: `Unknown store ${name}.`, hint: hints.join(" ") };
}

function fail(problem: Problem): Outcome<never> {
  return { kind: "problems", problems: [problem] };
}
