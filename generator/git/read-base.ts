import type { CliIo } from "../cli/cli-io.ts";
import { done, type Outcome, type Problem } from "../project/output/index.ts";
import type { Base, BaseProject } from "./base.ts";
import { readDefaultBase } from "./read-default-base.ts";

/**
 * Reads the state to compare with.
 *
 * `against` is a ref of git, a folder or a file; for the meaning of each see `resolveRef` and `readPath`. A name that
 * is both is a ref, unless it is written as a path: `./`, `../` or `/` before, or `.json` behind.
 *
 * Without it, what the setting `diff.against` names. Without that, the merge base with the default branch, which is
 * `HEAD` on that branch itself; in the checkout of a pull request on GitHub the branch is the one that it goes into. Where
 * git does not know the manifest, or there is no git, the manifest that the last run wrote.
 *
 * What can't be compared with is a problem if the command line names it; else a warning, so that generating goes on.
 *
 * @example
 * ```ts
 * const base = await readBase({ root, config }, "main", io);
 * if (base.kind === "done") base.value.description; // "against main (merge base 3f2c1ab)"
 * ```
 */
export async function readBase(
  project: BaseProject,
  against: string | undefined,
  io: Pick<CliIo, "cwd" | "env">,
): Promise<Outcome<Base>> {
  const { against: configured } = project.config.diff;
  const name = against ?? configured;
  if (name === undefined) return readDefaultBase(project, io);
  const { readNamedBase } = await import("./read-named-base.ts");
  const named = await readNamedBase(project, name, io);
  if (named.kind === "done" || against !== undefined) return named;
  const base = await readDefaultBase(project, io);
  return base.kind === "problems" ? base : done(asFallback(base.value, named.problems));
}

/** A base in place of the one that the settings name. */
function asFallback(base: Base, problems: readonly Problem[]): Base {
  const warnings = problems.map((problem) => ({
    ...problem,
    message: `The setting diff.against names no base. ${problem.message}`,
  }));
  return { ...base, isFallback: true, warnings: [...warnings, ...base.warnings] };
}
