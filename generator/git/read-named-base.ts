import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { CliError, CliWarning } from "../diagnostics/cli-error.ts";
import { fail, ok, type Result } from "../pipeline/result.ts";
import { guardFiles } from "../project/files/guard-files.ts";
import { readTextIfThere } from "../project/files/read-text.ts";
import { configFileName, readConfig } from "../project/settings/index.ts";
import { type Base, type BaseProject, noHistory } from "./base.ts";
import { type BaseCommit, baseAtCommit, baseFrom, mergeBaseWith } from "./base-commit.ts";
import { explainUnknownRef } from "./explain-unknown-ref.ts";
import { type Branch, findBranch, listBranches } from "./find-default-branch.ts";
import { ManifestCache } from "./manifest-cache.ts";
import { explainUnreadable, manifestPath } from "./manifest-text.ts";
import { findMergeBase, unshallowHint } from "./merge-base.ts";
import { readManifestAt } from "./read-at-commit.ts";
import { findRepository, linesOf, type ProcessContext, type Repository } from "./repository.ts";

/** Reads the base that a name refers to. */
export async function readNamedBase(
  project: BaseProject,
  name: string,
  context: ProcessContext,
): Promise<Result<Base>> {
  if (name === "") return fail(notFound("--against is empty."));
  // Relative to the working directory, as a shell completes it, or to the folder of the project.
  const path = await findPath(name, [context.cwd, project.root]);
  if (hasPathForm(name) && path === undefined) {
    return fail(notFound(`The file or folder ${name} does not exist.`));
  }
  if (path !== undefined && (hasPathForm(name) || name.endsWith(".json"))) {
    return readPath(project, name, path);
  }

  const search = await findRepository(project.root, context);
  if (!search.ok) {
    if (path !== undefined) return readPath(project, name, path);
    const [{ reason, refusal }] = search.errors;
    return fail(refusal ?? explainNoGit(name, reason));
  }
  const commit = await resolveRef(search.value, name);
  if (commit.ok) {
    const warnings = path === undefined ? [] : [explainBoth(name, path)];
    return readCommit(search.value, project, commit.value, warnings);
  }
  const isUnknown = commit.errors.some(({ code }) => code === "revision-unknown");
  return isUnknown && path !== undefined ? readPath(project, name, path) : commit;
}

function notFound(message: string): CliError {
  const hint = "Name a branch, a tag, a commit, the folder of a project or a versions.json.";
  return { code: "revision-unknown", message, hint };
}

function explainNoGit(name: string, reason: string): CliError {
  return {
    code: "revision-unknown",
    message: `${name} is not a file or folder, and not a revision either: ${reason}.`,
    hint: "Name the folder of a project or a versions.json.",
  };
}

function explainBoth(name: string, { isFolder }: FoundPath): CliWarning {
  const kind = isFolder ? "folder" : "file";
  return {
    message: `${name} is a revision and also a ${kind}; the revision is used.`,
    hint: `For the ${kind}, name ./${name}.`,
  };
}

async function readCommit(
  repository: Repository,
  project: BaseProject,
  commit: BaseCommit,
  warnings: readonly CliWarning[],
): Promise<Result<Base>> {
  const read = await readManifestAt(repository, commit.commit, project);
  if (!read.ok) return read;
  if (read.value !== undefined && !read.value.manifest.ok) {
    const { file, manifest } = read.value;
    return fail(explainUnreadable(`${file} at ${commit.name}`, manifest.errors[0]));
  }
  const base = baseFrom(commit, read.value, repository, project);
  return ok({ ...base, warnings: [...base.warnings, ...warnings] });
}

/**
 * Finds the commit of a named revision.
 *
 * For a branch it is the merge base with it, so that changes that others merged meanwhile do not appear as reverted; for a
 * tag, a commit or `HEAD` it is that commit. The name of a remote branch may omit the remote.
 */
async function resolveRef(repository: Repository, name: string): Promise<Result<BaseCommit>> {
  // Git reads these as an option, and as an exclusion.
  const ref = /^[-^]/.test(name) ? { kind: "unknown" as const } : await inspectRef(repository, name);
  if (ref.kind === "branch") return resolveBranch(repository, ref.branch);
  if (ref.kind === "several") {
    return fail({
      code: "revision-ambiguous",
      message: `Several commits begin with ${name}.`,
      hint: "Write more of it.",
    });
  }
  if (ref.kind === "unknown") {
    return fail(await explainUnknownRef(repository, name));
  }
  const warnings = ref.isTagAndBranch ? [explainTagAndBranch(name)] : [];
  return ok({ kind: "commit", ...baseAtCommit(name, ref.commit, repository), warnings });
}

type GitRef =
  | { readonly kind: "branch"; readonly branch: Branch }
  | { readonly kind: "commit"; readonly commit: string; readonly isTagAndBranch: boolean }
  /** An abbreviation of several commits. */
  | { readonly kind: "several" }
  | { readonly kind: "unknown" };

async function inspectRef(repository: Repository, name: string): Promise<GitRef> {
  const { git } = repository;
  if (name !== "HEAD" && name !== "@") {
    const named = await git(["rev-parse", "--verify", "--symbolic-full-name", name]);
    const [ref = ""] = named.exitCode === 0 ? linesOf(named) : [];
    if (/^refs\/(heads|remotes)\//.test(ref)) return { kind: "branch", branch: { ref, name } };
  }
  const peeled = await git(["rev-parse", "--verify", `${name}^{commit}`]);
  const [commit] = peeled.exitCode === 0 ? linesOf(peeled) : [];
  if (commit !== undefined) {
    return {
      kind: "commit",
      commit,
      isTagAndBranch: /^warning: refname .* is ambiguous/m.test(peeled.stderr),
    };
  }
  if (/short .*ID .* is ambiguous/.test(peeled.stderr)) return { kind: "several" };
  const branch = findBranch(name, await listBranches(repository));
  return branch === undefined ? { kind: "unknown" } : { kind: "branch", branch };
}

async function resolveBranch(repository: Repository, branch: Branch): Promise<Result<BaseCommit>> {
  const commit = await findMergeBase(repository, branch);
  if (commit !== undefined) {
    return ok({ kind: "commit", ...mergeBaseWith(branch.name, commit, repository) });
  }
  return fail(
    repository.isShallow
      ? {
          code: "base-missing",
          message: `The clone is shallow and lacks the merge base with ${branch.name}.`,
          hint: unshallowHint,
        }
      : {
          code: "base-missing",
          message: `HEAD and ${branch.name} have no commit in common.`,
          hint: `To compare with the branch as it is, name its commit: --against $(git rev-parse ${branch.name})`,
        },
  );
}

function explainTagAndBranch(name: string): CliWarning {
  return {
    message: `${name} is a tag and a branch; the tag is used.`,
    hint: `For the branch, name refs/heads/${name}.`,
  };
}

/** An existing file or folder. */
export interface FoundPath {
  /** Absolute. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** Finds a file or folder by its name, relative to each of some folders. */
async function findPath(name: string, from: readonly string[]): Promise<FoundPath | undefined> {
  for (const folder of from) {
    const path = resolve(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) return { path, isFolder: found.isDirectory() };
  }
  return undefined;
}

/** Whether a name has the form of a path, which no revision has. */
function hasPathForm(name: string): boolean {
  return /^(?:\.\.?$|\.{0,2}[/\\]|[a-z]:[/\\])/i.test(name);
}

/**
 * Reads the base in a file or folder: a manifest, the folder of a project, or a folder with a manifest.
 *
 * The manifest of a project is in the output folder of its own settings, or of the settings of the current project.
 */
async function readPath(project: BaseProject, name: string, found: FoundPath): Promise<Result<Base>> {
  return guardFiles(found.path, async () => {
    if (!found.isFolder) {
      const read = await readTextIfThere(dirname(found.path), basename(found.path));
      return !read.ok ? read : baseIn(name, name, read.value ?? "", project);
    }
    const displayName = name.replace(/[/\\]+$/, "");
    const own = await generatedFolderOf(found.path);
    const files = new Set([...own, project.config.generated].map(manifestPath)).add("versions.json");
    for (const file of files) {
      const read = await readTextIfThere(found.path, file);
      if (!read.ok) return read;
      if (read.value !== undefined) return baseIn(name, `${displayName}/${file}`, read.value, project);
    }
    return fail({
      code: "base-missing",
      message: `${name} holds no versions: it lacks ${[...files].join(" and ")}.`,
      hint: "Name the folder of a project for which `stemma generate` has run, or a versions.json.",
    });
  });
}

function baseIn(
  ref: string,
  file: string,
  text: string,
  { manifestCache = new ManifestCache() }: BaseProject,
): Result<Base> {
  const reading = manifestCache.read(text);
  if (!reading.ok) return fail(explainUnreadable(file, reading.errors[0]));
  return ok({
    manifest: reading.value,
    origin: { ref },
    description: `against ${file}`,
    isFallback: false,
    warnings: [],
    ...noHistory,
  });
}

/** The output folder of the project in a folder, by its own settings. */
async function generatedFolderOf(folder: string): Promise<string[]> {
  const [configFile, packageJson] = await Promise.all(
    [configFileName, "package.json"].map(async (file) => {
      const read = await readTextIfThere(folder, file);
      return read.ok && read.value !== undefined ? { file, text: read.value } : undefined;
    }),
  );
  const { config } = readConfig({ ...(configFile && { configFile }), ...(packageJson && { packageJson }) });
  return config === undefined ? [] : [config.generated];
}
