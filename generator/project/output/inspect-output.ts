import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { GeneratedFile } from "../../compile-project.ts";
import { compareText } from "../../source/compare-text.ts";
import { guardFiles, hasCode } from "./file-failure.ts";
import { isGenerated, isTemporary } from "./ownership.ts";
import { done, type Outcome, type Problem, stopped } from "./problem.ts";
import { holdsText, readHead, readText } from "./read-text.ts";

/** How the files of a compile compare with those that are there. Paths are relative to the project, and ordered. */
export interface OutputState {
  /** The output folder. */
  readonly folder: string;
  /** Wanted and not there. */
  readonly missing: readonly GeneratedFile[];
  /** There with another text. */
  readonly outdated: readonly GeneratedFile[];
  /** There already. */
  readonly unchanged: readonly GeneratedFile[];
  /** Generated once, and wanted no more. */
  readonly obsolete: readonly string[];
}

/**
 * Compares the files of a compile with those in the output folder. Changes nothing.
 *
 * Files of others are a problem only where a generated one belongs.
 */
export async function inspectOutput(
  root: string,
  folder: string,
  files: readonly GeneratedFile[],
): Promise<Outcome<OutputState>> {
  return guardFiles(root, () => {
    const listed = listFolder(root, folder);
    if (listed.kind === "problems") return listed;
    const there = listed.value;
    const wanted = new Set(files.map(({ path }) => path));
    const leftOver: string[] = [];
    const foreign: string[] = [];
    for (const [path, kind] of there) {
      if (wanted.has(path) || kind === "folder") continue;
      (isObsolete(root, path, kind) ? leftOver : foreign).push(path);
    }

    const state = {
      missing: [] as GeneratedFile[],
      outdated: [] as GeneratedFile[],
      unchanged: [] as GeneratedFile[],
    };
    const problems: Problem[] = [];
    for (const file of [...files].sort((a, b) => compareText(a.path, b.path))) {
      const problem = findObstacle(file.path, folder, there, foreign);
      if (problem !== undefined) problems.push(problem);
      else if (!there.has(file.path)) state.missing.push(file);
      else {
        const compared = compareFile(root, file);
        if (compared.kind === "problems") problems.push(...compared.problems);
        else state[compared.value].push(file);
      }
    }
    return problems.length > 0 ? stopped(...problems) : done({ folder, ...state, obsolete: leftOver });
  });
}

type EntryKind = "file" | "folder" | "other";

/** Everything below a folder by path, ordered. Symbolic links are not followed: what they lead to is not ours. */
function listFolder(root: string, folder: string): Outcome<ReadonlyMap<string, EntryKind>> {
  const there = new Map<string, EntryKind>();
  try {
    if (!statSync(join(root, folder)).isDirectory()) {
      return stopped({ message: `${folder} is a file; it should be the folder of the generated modules.` });
    }
  } catch (error) {
    if (hasCode(error, "ENOENT")) return done(there);
    throw error;
  }
  const folders = [folder];
  // The list grows while it is walked.
  for (const current of folders) {
    for (const entry of readdirSync(join(root, current), { withFileTypes: true })) {
      const path = `${current}/${entry.name}`;
      const kind = entry.isDirectory() ? "folder" : entry.isFile() ? "file" : "other";
      there.set(path, kind);
      if (kind === "folder" && !entry.name.startsWith(".") && entry.name !== "node_modules")
        folders.push(path);
    }
  }
  return done(new Map([...there].sort(([a], [b]) => compareText(a, b))));
}

function isObsolete(root: string, path: string, kind: EntryKind): boolean {
  if (kind !== "file") return false;
  if (isTemporary(path)) return true;
  return path.endsWith(".ts") && isGenerated(path, readHead(root, path));
}

/** What of somebody else's stands where a generated file belongs. */
function findObstacle(
  path: string,
  folder: string,
  there: ReadonlyMap<string, EntryKind>,
  foreign: readonly string[],
): Problem | undefined {
  const steps = path.slice(folder.length + 1).split("/");
  const above = steps.slice(0, -1).map((_, index) => [folder, ...steps.slice(0, index + 1)].join("/"));
  const inTheWay = above.find((parent) => there.has(parent) && there.get(parent) !== "folder");
  if (inTheWay !== undefined) {
    return {
      message: `${inTheWay} is in the way: a folder with generated modules belongs there.`,
      hint: moveAside,
    };
  }
  const kind = there.get(path);
  if (kind === "folder")
    return { message: `${path} is a folder, but a generated file belongs there.`, hint: moveAside };
  if (kind === "other")
    return { message: `${path} is a symbolic link, but a generated file belongs there.`, hint: moveAside };
  const twin = foreign.find((other) => other.toLowerCase() === path.toLowerCase());
  return twin === undefined
    ? undefined
    : {
        message: `${twin} and the generated ${path} differ only in case, so that many systems take them for one file.`,
        hint: moveAside,
      };
}

const moveAside = "Move or remove it, or generate into another folder (setting `generated`).";

function compareFile(root: string, file: GeneratedFile): Outcome<"outdated" | "unchanged"> {
  if (holdsText(root, file.path, file.text)) return done("unchanged");
  const read = readText(root, file.path);
  const text = read.kind === "done" ? read.value : "";
  // Git may check files out with the line ends of Windows.
  if (text.replaceAll("\r\n", "\n") === file.text) return done("unchanged");
  if (isGenerated(file.path, text)) return done("outdated");
  return stopped({
    message: `${file.path} was not generated by stemma, so it is not overwritten.`,
    hint: moveAside,
  });
}
