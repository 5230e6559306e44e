import { fail, ok, type Result } from "../../pipeline/result.ts";

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
  return unset.length === 0 ? ok(expanded) : fail(...unset);
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
