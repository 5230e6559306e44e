import { statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { Sources } from "../../source/source-file.ts";
import { kindOf, walkFolder } from "../files/walk-folder.ts";
import { type ProjectFolders, targetsOf } from "../load-sources.ts";
import { configFileName } from "../settings/index.ts";

/** What to watch, as absolute paths. */
export interface WatchTargets {
  /** The folder of the specs; absent if it does not exist. */
  readonly tree?: string;
  /** The folders of the tree with their identity, which changes if a folder is removed and created again. */
  readonly folders: ReadonlyMap<string, string>;
  /** The folder of the modules, which may be inside of the tree, and is not watched. */
  readonly excluded: string;
  /** Entries of other folders. A target that does not exist yet is awaited in its nearest existing parent. */
  readonly entries: readonly string[];
}

/** What a compile depends on: a project as it was last read. */
export interface WatchedProject {
  readonly root: string;
  /** Config file, if `--config` names one. */
  readonly config: string | undefined;
  readonly folders: ProjectFolders;
  readonly sources: Sources;
}

/** Lists what a compile reads: the folder of the specs, the files of the config, and the targets of `$ref`s. */
export function watchTargets({ root, config, folders, sources }: WatchedProject): WatchTargets {
  const tree = resolve(root, folders.schemas);
  const references = Object.entries(sources).flatMap(([file, text]) => [...targetsOf(file, text)]);
  const files = ["package.json", config ?? configFileName, folders.schemas, ...references];
  const entries = files.flatMap((file) => pathsTo(resolve(root, file), root));
  return {
    ...(kindOf(tree) === "folder" ? { tree } : {}),
    folders: identitiesOf(root, folders),
    excluded: resolve(root, folders.generated),
    entries: [...new Set(entries)].sort(),
  };
}

/** The paths on the way from the project to a target, up to the first that does not exist. */
function pathsTo(target: string, root: string): string[] {
  const up = relative(root, target)
    .split(sep)
    .filter((step) => step === "..");
  const paths: string[] = [];
  let folder = resolve(root, ...up);
  for (const name of relative(folder, target).split(sep)) {
    if (kindOf(folder) !== "folder") break;
    folder = join(folder, name);
    paths.push(folder);
  }
  return paths;
}

function identitiesOf(root: string, { schemas, generated }: ProjectFolders): ReadonlyMap<string, string> {
  try {
    const { folders } = walkFolder(root, schemas, generated);
    return new Map(
      folders.map((folder) => {
        const { ino, birthtimeMs } = statSync(join(root, folder));
        return [folder, `${ino} ${birthtimeMs}`];
      }),
    );
  } catch {
    // A folder that is removed during the walk: its change causes another one.
    return new Map();
  }
}
