import { join, relative, resolve, sep } from "node:path";
import type { Sources } from "../../source/source-file.ts";
import { kindOf, type ProjectFolders, targetsOf, walkFolder } from "../output/index.ts";
import { configFileName } from "../settings/index.ts";

/** Absolute paths of folders to watch, each with the names of the entries that matter in it, or with all of them. */
export type WatchTargets = ReadonlyMap<string, "all" | ReadonlySet<string>>;

/** What a compile depends on: a project as it was last read. */
export interface WatchedProject {
  readonly root: string;
  /** File with the settings, if one was chosen. */
  readonly config: string | undefined;
  readonly folders: ProjectFolders;
  readonly sources: Sources;
}

/**
 * Where to look for changes: in the folders of the specs, and on the ways to them, to the settings, and to what `$ref`s
 * name. What is not there yet is awaited where it would appear.
 */
export function watchTargets({ root, config, folders, sources }: WatchedProject): WatchTargets {
  const targets = new Map<string, "all" | Set<string>>();
  const watchPath = (path: string): void => {
    for (const [folder, name] of entriesTo(resolve(root, path), root)) {
      const names = targets.get(folder) ?? new Set();
      if (names !== "all") targets.set(folder, names.add(name));
    }
  };
  for (const file of ["package.json", config ?? configFileName, folders.schemas]) watchPath(file);
  for (const [file, text] of Object.entries(sources))
    for (const target of targetsOf(file, text)) watchPath(target);
  for (const folder of specFolders(root, folders)) targets.set(folder, "all");
  return targets;
}

/** The folders on the way to a path that are there, from the last that it shares with the project, each with the next step. */
function* entriesTo(path: string, root: string): Iterable<readonly [folder: string, name: string]> {
  const up = relative(root, path)
    .split(sep)
    .filter((step) => step === "..");
  let folder = resolve(root, ...up);
  for (const name of relative(folder, path).split(sep)) {
    if (kindOf(folder) !== "folder") return;
    yield [folder, name];
    folder = join(folder, name);
  }
}

function specFolders(root: string, { schemas, generated }: ProjectFolders): string[] {
  try {
    return walkFolder(root, schemas, generated).folders.map((folder) => resolve(root, folder));
  } catch {
    // A folder that goes while it is walked, or is not there: the next change tells more.
    return [];
  }
}
