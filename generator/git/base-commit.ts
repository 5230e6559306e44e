import type { HistoryEntry } from "../diff/index.ts";
import { parseManifest } from "../manifest/index.ts";
import type { Base, BaseProject } from "./base.ts";
import { ManifestCache } from "./manifest-cache.ts";
import { manifestPath } from "./manifest-text.ts";
import type { ManifestAtCommit } from "./read-at-commit.ts";
import { readObjects } from "./read-objects.ts";
import { readSpecsAt } from "./read-specs-at.ts";
import { linesOf, type Repository, shortCommit } from "./repository.ts";

/** A commit to compare with. */
export interface BaseCommit extends Pick<Base, "origin" | "description" | "isFallback" | "warnings"> {
  /** Full id, or `HEAD`. */
  readonly commit: string;
  /** The name of the commit in a sentence. */
  readonly name: string;
}

/** The merge base with a branch. */
export function mergeBaseWith(branch: string, commit: string, repository: Repository): BaseCommit {
  const mergeBase = shortCommit(repository, commit);
  return {
    commit,
    name: mergeBase,
    origin: { ref: branch, mergeBase },
    description: `against ${branch} (merge base ${mergeBase})`,
    isFallback: false,
    warnings: [],
  };
}

/** The commit that a name refers to. */
export function baseAtCommit(name: string, commit: string, repository: Repository): BaseCommit {
  const id = name === "HEAD" || commit.startsWith(name) ? "" : ` (${shortCommit(repository, commit)})`;
  const description = `against ${name}${id}`;
  return { commit, name, origin: { ref: name }, description, isFallback: false, warnings: [] };
}

/** HEAD, as the fallback for a base that was not found. `reason`: the beginning of a sentence. */
export function fallbackToHead(reason: string, hint: string): BaseCommit {
  const message = `${reason}: compared with HEAD, so the diff omits what is committed already.`;
  return {
    commit: "HEAD",
    name: "HEAD",
    origin: { ref: "HEAD" },
    description: "against HEAD",
    isFallback: true,
    warnings: [{ message, hint }],
  };
}

/** The base of a commit, with the manifest that it holds. */
export function baseFrom(
  { commit, name: _, ...base }: BaseCommit,
  found: ManifestAtCommit | undefined,
  repository: Repository,
  project: BaseProject,
): Base {
  const { manifestCache = new ManifestCache() } = project;
  const historyReaders = {
    readHistory: () => readHistory(repository, commit, project),
    readSpecs: () => manifestCache.specsAt(commit, () => readSpecsAt(repository, commit, project.config)),
    readFile: (path: string) => readFileAt(repository, commit, path),
  };
  if (found?.manifest.ok) return { ...base, ...historyReaders, manifest: found.manifest.value };
  const problem =
    found === undefined
      ? `which has no ${manifestPath(project.config.generated)}`
      : `whose ${found.file} can't be read`;
  return { ...base, ...historyReaders, description: `${base.description}, ${problem}` };
}

async function readFileAt({ git }: Repository, commit: string, path: string): Promise<string | undefined> {
  const read = await readObjects(git, [`${commit}:./${path}`]);
  return read.ok ? read.value[0]?.text : undefined;
}

/** How many commits that changed the manifest are read, on each side of the base. */
const maxCommits = 50;

/** Bytes of manifests that are read: for most projects all, for one of 5,000 features about the latest 15. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads the committed manifests, latest first: those since the base, then the base and its ancestors.
 *
 * It omits what can't be read: history only adds facts about a version that changed anyway.
 */
async function readHistory(
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
