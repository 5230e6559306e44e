/** Outcome of {@link expandVariables}. */
export type Expansion =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unset"; readonly variable: string };

/**
 * Puts environment variables into a text: `${NAME}`, and `${NAME:-default}` where it may be unset or empty.
 *
 * @example
 * ```ts
 * expandVariables("${DATA:-.}/features.duckdb", {}); // { kind: "text", text: "./features.duckdb" }
 * ```
 */
export function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): Expansion {
  let unset: string | undefined;
  const expanded = text.replace(variable, (_, name: string, fallback: string | undefined) => {
    const value = env[name] || fallback;
    if (value === undefined) unset ??= name;
    return value ?? "";
  });
  return unset === undefined ? { kind: "text", text: expanded } : { kind: "unset", variable: unset };
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
