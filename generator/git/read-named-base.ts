import type { CliError, CliWarning } from "../diagnostics/cli-error.ts";
import { fail, ok, type Result } from "../pipeline/result.ts";
import type { Base, BaseProject } from "./base.ts";
import { type BaseCommit, baseFrom } from "./base-commit.ts";
import { explainUnreadable } from "./manifest-text.ts";
import { readManifestAt } from "./read-at-commit.ts";
import { type FoundPath, findPath, hasPathForm, readPath } from "./read-path.ts";
import { findRepository, type ProcessContext, type Repository } from "./repository.ts";
import { resolveRef } from "./resolve-ref.ts";

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
