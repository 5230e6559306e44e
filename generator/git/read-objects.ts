import { fail, ok, type Result } from "../pipeline/result.ts";
import { explainFailure } from "./repository.ts";
import type { Git, GitLimits } from "./run-git.ts";

/** A file as git stores it. */
export interface GitObject {
  /** The same for the same text. */
  readonly id: string;
  readonly text: string;
}

/**
 * Reads files by their names (`commit:./path`), with one process of git.
 *
 * @returns One entry per name; undefined for what is not a file, or exceeds the largest output.
 */
export async function readObjects(
  git: Git,
  names: readonly string[],
  limits: GitLimits = {},
): Promise<Result<readonly (GitObject | undefined)[]>> {
  const input = names.map((name) => `${name}\n`).join("");
  const run = await git(["cat-file", "--batch", "--follow-symlinks"], { ...limits, input });
  if (run.exitCode !== 0) return fail(explainFailure(run));
  return ok(splitObjects(run.stdout, names.length));
}

/** Splits the output of `git cat-file --batch`: a line with type and size, then that many bytes and a line end. */
function splitObjects(output: Buffer, count: number): (GitObject | undefined)[] {
  const objects: (GitObject | undefined)[] = [];
  let offset = 0;
  while (objects.length < count) {
    const lineEnd = output.indexOf("\n", offset);
    const line = output.toString("utf8", offset, Math.max(lineEnd, offset));
    offset = lineEnd + 1;
    const [, id, type, size] = objectHeader.exec(line) ?? [];
    const end = offset + Number(size ?? 0);
    const isCut = lineEnd < 0 || end > output.length;
    if (isCut) return [...objects, ...Array<undefined>(count - objects.length).fill(undefined)];
    const isFile = id !== undefined && type === "blob";
    objects.push(isFile ? { id, text: decoder.decode(output.subarray(offset, end)) } : undefined);
    if (size !== undefined) offset = end + 1;
  }
  return objects;
}

/** `ID TYPE SIZE`, or `KIND SIZE` for a broken symbolic link. Anything else means that the object is missing. */
const objectHeader = /^(?:([0-9a-f]{40,}) )?(blob|tree|commit|tag|dangling|loop|notdir|symlink) (\d+)$/;

const decoder = new TextDecoder("utf-8");
