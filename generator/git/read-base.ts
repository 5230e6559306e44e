import type { CliError } from "../diagnostics/cli-error.ts";
import { ok, type Result } from "../pipeline/result.ts";
import type { Base, BaseProject } from "./base.ts";
import { readDefaultBase } from "./read-default-base.ts";
import type { ProcessContext } from "./repository.ts";

/**
 * Reads the base of a diff.
 *
 * `against` is a git revision, a folder or a file; `resolveRef` and `readPath` define the meaning of each. A name that is
 * both is a revision, unless it has the form of a path: with a leading `./`, `../` or `/`, or ending in `.json`.
 *
 * The default is the setting `diff.against`; without it, the merge base with the default branch, which is `HEAD` on that
 * branch itself; in a pull request on GitHub, the merge base with its target branch. If git does not track the manifest, or
 * without git, the base is the manifest of the last run.
 *
 * An unusable base is an error if the command line names it. Else it is a warning, so that `generate` continues.
 *
 * @example
 * ```ts
 * const base = await readBase({ root, config }, "main", context);
 * if (base.ok) base.value.description; // "against main (merge base 3f2c1ab)"
 * ```
 */
export async function readBase(
  project: BaseProject,
  against: string | undefined,
  context: ProcessContext,
): Promise<Result<Base>> {
  const { against: configured } = project.config.diff;
  const name = against ?? configured;
  if (name === undefined) return readDefaultBase(project, context);
  const { readNamedBase } = await import("./read-named-base.ts");
  const named = await readNamedBase(project, name, context);
  if (named.ok || against !== undefined) return named;
  const base = await readDefaultBase(project, context);
  return !base.ok ? base : ok(asFallback(base.value, named.errors));
}

/** A base that replaces the one that the settings name. */
function asFallback(base: Base, errors: readonly CliError[]): Base {
  const warnings = errors.map((error) => ({
    ...error,
    message: `The setting diff.against names no base. ${error.message}`,
  }));
  return { ...base, isFallback: true, warnings: [...warnings, ...base.warnings] };
}
