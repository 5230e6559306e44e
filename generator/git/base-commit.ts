import type { Base, BaseProject } from "./base.ts";
import { ManifestCache } from "./manifest-cache.ts";
import { manifestPath } from "./manifest-text.ts";
import type { ManifestAtCommit } from "./read-at-commit.ts";
import { readHistory } from "./read-history.ts";
import { readObjects } from "./read-objects.ts";
import { readSpecsAt } from "./read-specs-at.ts";
import { type Repository, shortCommit } from "./repository.ts";

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
