import type { HistoryEntry } from "../diff/index.ts";
import { parseManifest } from "../manifest/index.ts";
import type { BaseProject } from "./base.ts";
import { manifestPath } from "./manifest-text.ts";
import { readObjects } from "./read-objects.ts";
import { linesOf, type Repository } from "./repository.ts";

/** How many commits that changed the manifest are read, on each side of the base. */
const maxCommits = 50;

/** Bytes of manifests that are read: for most projects all, for one of 5,000 features about the latest 15. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads the committed manifests, latest first: those since the base, then the base and its ancestors.
 *
 * It omits what can't be read: history only adds facts about a version that changed anyway.
 */
export async function readHistory(
  repository: Repository,
  base: string,
  { config }: BaseProject,
): Promise<readonly HistoryEntry[]> {
  const file = manifestPath(config.generated);
  const [since, before] = await Promise.all([
    listCommits(repository, [`${base}..HEAD`], file),
    listCommits(repository, [base], file),
  ]);
  const commits = [...since.map((commit) => ({ ...commit, isSinceBase: true })), ...before];
  const names = commits.map(({ id }) => `${id}:./${file}`);
  const read = await readObjects(repository.git, names, { largestOutput: maxBytes });
  if (!read.ok) return [];
  const states = new Map<string, ReturnType<typeof parseManifest>>();
  return commits.flatMap(({ id: _, ...commit }, index): HistoryEntry[] => {
    const object = read.value[index];
    if (object === undefined) return [];
    const state = states.get(object.id) ?? parseManifest(object.text);
    states.set(object.id, state);
    return state.ok ? [{ ...commit, manifest: state.value }] : [];
  });
}

interface Commit {
  readonly id: string;
  /** A tag that points at it, else its abbreviation. */
  readonly ref: string;
}

/** Commits that changed a file, latest first. */
async function listCommits({ git }: Repository, range: readonly string[], file: string): Promise<Commit[]> {
  // A merged branch was never checked out here: no store holds rows of its versions.
  const limits = ["--first-parent", `--max-count=${maxCommits}`, "--format=%H %h %D"];
  const run = await git(["rev-list", ...limits, ...range, "--", `./${file}`]);
  return linesOf(run).flatMap((line): Commit[] => {
    const [, id, short, refs] = /^([0-9a-f]{40,}) (\S+) (.*)$/.exec(line) ?? [];
    if (id === undefined || short === undefined) return [];
    const tag = (refs ?? "").split(", ").find((ref) => ref.startsWith("tag: "));
    return [{ id, ref: tag?.slice("tag: ".length) ?? short }];
  });
}
