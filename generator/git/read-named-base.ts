import type { CliIo } from "../cli/cli-io.ts";
import { done, type Outcome, type Problem, stopped } from "../project/output/index.ts";
import type { Base, BaseProject } from "./base.ts";
import { type BaseCommit, baseFrom } from "./base-commit.ts";
import { type FoundPath, findPath, isWrittenAsPath } from "./find-path.ts";
import { explainUnreadable } from "./manifest-text.ts";
import { readManifestAt } from "./read-at-commit.ts";
import { readPath } from "./read-path.ts";
import { findRepository, type Repository } from "./repository.ts";
import { resolveRef } from "./resolve-ref.ts";

/** Reads the state that was named. */
export async function readNamedBase(
  project: BaseProject,
  name: string,
  io: Pick<CliIo, "cwd" | "env">,
): Promise<Outcome<Base>> {
  if (name === "") return stopped({ message: "--against names nothing.", hint: namingHint });
  // From where the command was started, as a shell completes it, or from the project's folder.
  const path = await findPath(name, [io.cwd, project.root]);
  if (isWrittenAsPath(name) && path === undefined) {
    return stopped({ message: `There is no file or folder ${name}.`, hint: namingHint });
  }
  if (path !== undefined && (isWrittenAsPath(name) || name.endsWith(".json"))) {
    return readPath(project, name, path);
  }

  const search = await findRepository(project.root, io);
  if (search.kind !== "repository") {
    if (path !== undefined) return readPath(project, name, path);
    return stopped(search.kind === "refused" ? search.problem : explainNoGit(name, search.reason));
  }
  const ref = await resolveRef(search.repository, name);
  if (ref.kind === "problems") return ref;
  if (ref.value.kind === "commit") {
    const warnings = path === undefined ? [] : [explainBoth(name, path)];
    return readCommit(search.repository, project, ref.value, warnings);
  }
  return path === undefined ? stopped(ref.value.problem) : readPath(project, name, path);
}

const namingHint = "Name a branch, a tag, a commit, the folder of a project or a versions.json.";

function explainNoGit(name: string, reason: string): Problem {
  return {
    message: `There is no file or folder ${name}, and no branch or commit either: ${reason}.`,
    hint: "Name the folder of a project or a versions.json.",
  };
}

function explainBoth(name: string, { isFolder }: FoundPath): Problem {
  const kind = isFolder ? "folder" : "file";
  return {
    message: `${name} is known to git and also a ${kind}; git's was taken.`,
    hint: `For the ${kind}, name ./${name}.`,
  };
}

async function readCommit(
  repository: Repository,
  project: BaseProject,
  commit: BaseCommit,
  warnings: readonly Problem[],
): Promise<Outcome<Base>> {
  const read = await readManifestAt(repository, commit.commit, project);
  if (read.kind === "problems") return read;
  if (read.value.kind === "unreadable") {
    return stopped(explainUnreadable(`${read.value.file} at ${commit.name}`, read.value));
  }
  const base = baseFrom(commit, read.value, repository, project);
  return done({ ...base, warnings: [...base.warnings, ...warnings] });
}
