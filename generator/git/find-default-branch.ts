import { linesOf, type Repository } from "./repository.ts";

/** A branch, local or of a remote. */
export interface Branch {
  /** Full name of the ref. */
  readonly ref: string;
  /** Short name: `main`, `origin/main`. */
  readonly name: string;
}

/** The branches of a repository, those of remotes first, and of these those of `origin`. */
export interface Branches {
  readonly all: readonly Branch[];
  /** The default branches of the remotes. */
  readonly remoteDefaults: readonly Branch[];
}

/** Lists the branches of a repository. */
export async function listBranches({ git }: Repository): Promise<Branches> {
  const format = "--format=%(refname) %(symref)";
  const lines = linesOf(await git(["for-each-ref", format, "refs/remotes/", "refs/heads/"]));
  const refs = lines.map((line) => line.split(" "));
  const all = refs.flatMap(([ref = "", target]) => (target ? [] : [branchOf(ref)]));
  const heads = refs.flatMap(([ref = "", target]) =>
    target && ref.startsWith("refs/remotes/") ? [{ ...branchOf(target), by: ref }] : [],
  );
  return {
    all: all.sort((a, b) => rank(a.ref) - rank(b.ref)),
    remoteDefaults: heads.sort((a, b) => rank(a.by) - rank(b.by)).map(({ ref, name }) => ({ ref, name })),
  };
}

function branchOf(ref: string): Branch {
  return { ref, name: ref.replace(/^refs\/(heads|remotes)\//, "") };
}

function rank(ref: string): number {
  if (ref.startsWith("refs/remotes/origin/")) return 0;
  return ref.startsWith("refs/remotes/") ? 1 : 2;
}

/** The branch of this name; a remote one goes before a local one. */
export function findBranch(name: string, { all }: Branches): Branch | undefined {
  return all.find(({ ref }) => ref.replace(/^refs\/(heads|remotes\/[^/]+)\//, "") === name);
}

/** The default branch of the repository, if it can be inferred. */
export async function findDefaultBranch(
  branches: Branches,
  { git }: Repository,
): Promise<Branch | undefined> {
  const { all, remoteDefaults } = branches;
  const ofOrigin = usualNames.map((name) => all.find(({ ref }) => ref === `refs/remotes/origin/${name}`));
  const found = remoteDefaults[0] ?? ofOrigin.find((branch) => branch !== undefined);
  if (found !== undefined) return found;
  // A single branch is the default whatever its name, unless it is all that was fetched.
  const [only] = all;
  if (all.length === 1 && linesOf(await git(["remote"])).length === 0) return only;
  const configured = linesOf(await git(["config", "--get", "init.defaultBranch"]));
  const local = [...configured, ...usualNames].map((name) =>
    all.find(({ ref }) => ref === `refs/heads/${name}`),
  );
  return local.find((branch) => branch !== undefined);
}

const usualNames = ["main", "master"];
