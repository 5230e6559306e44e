import type { Outcome } from "../../output/index.ts";
import type { CliIo } from "../cli-io.ts";
import type { Base, BaseProject } from "./base.ts";
import { readDefaultBase } from "./read-default-base.ts";

/**
 * Reads the state to compare with.
 *
 * `against` is a ref of git, a folder or a file; for the meaning of each see `resolveRef` and `readPath`. A name that
 * is both is a ref, unless it is written as a path: `./`, `../` or `/` before, or `.json` behind.
 *
 * Without it: the merge base with the default branch, which is `HEAD` on that branch itself. In the checkout of a pull
 * request on GitHub the branch is the one that it goes into. Where git does not know the manifest, or there is no git,
 * the manifest that the last run wrote.
 *
 * What can't be compared with is a problem if it was asked for by name; else a warning, so that generating goes on.
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
  if (against === undefined) return readDefaultBase(project, io);
  const { readNamedBase } = await import("./read-named-base.ts");
  return readNamedBase(project, against, io);
}
