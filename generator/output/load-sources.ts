import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compareText } from "../source/compare-text.ts";
import { isSpecFile, referencedFiles } from "../source/index.ts";
import { readJsonDocument } from "../source/read-json-document.ts";
import type { Sources } from "../source/source-file.ts";
import { guardFiles, hasCode } from "./file-failure.ts";
import { done, type Outcome, type Problem, stopped } from "./problem.ts";
import { readTextIfThere } from "./read-text.ts";

/** The folders of a project, relative to it. */
export interface ProjectFolders {
  readonly schemas: string;
  readonly generated: string;
}

/** Reads the specs of a project, and the files that their `$ref`s lead to, wherever these are. */
export async function loadSources(root: string, folders: ProjectFolders): Promise<Outcome<Sources>> {
  return guardFiles(root, async () => {
    const missing = await explainMissingFolder(root, folders.schemas);
    if (missing !== undefined) return stopped(missing);
    const files = await listFiles(root, folders.schemas, folders.generated);
    const specs = files.filter(isSpecFile);
    if (specs.length === 0) return stopped(explainNoSpecs(folders.schemas, files));
    return readWithReferences(root, specs);
  });
}

/** Lists the specs of a project, ordered; none where there is no folder for them. */
export async function listSpecs(root: string, { schemas, generated }: ProjectFolders): Promise<string[]> {
  const kind = await kindOf(join(root, schemas));
  return kind === "folder" ? (await listFiles(root, schemas, generated)).filter(isSpecFile) : [];
}

async function explainMissingFolder(root: string, folder: string): Promise<Problem | undefined> {
  const kind = await kindOf(join(root, folder));
  if (kind === "folder") return undefined;
  if (kind === "file") return { message: `${folder} is a file; it should be the folder of the specs.` };
  const above = await findAbove(root, folder);
  return {
    message: `There is no folder ${folder} in ${root}.`,
    hint:
      above === undefined
        ? "Create it and put specs into it (files *.feature.json), or name the folder of the project with `--cwd DIR`."
        : `There is one in \`${above}\`: run the command there, or add \`--cwd ${above}\`.`,
  };
}

/** The nearest folder above that holds one of a name. */
async function findAbove(root: string, folder: string): Promise<string | undefined> {
  for (let parent = dirname(root); parent !== dirname(parent); parent = dirname(parent)) {
    if ((await kindOf(join(parent, folder))) === "folder") return parent;
  }
  return undefined;
}

/** What stands at a path. Links are followed; one that leads nowhere counts as missing. */
async function kindOf(path: string): Promise<"folder" | "file" | "missing"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return "missing";
    throw error;
  }
}

function explainNoSpecs(folder: string, files: readonly string[]): Problem {
  const misnamed = files.find((file) => file.endsWith(".json") && !file.endsWith(".schema.json"));
  return {
    message: `There are no specs in ${folder}: no file is named *.feature.json.`,
    hint:
      misnamed === undefined
        ? `Write one, for example ${folder}/audio.feature.json.`
        : `If ${misnamed} is a spec, rename it to ${misnamed.replace(/\.json$/, ".feature.json")}.`,
  };
}

/** Files in a folder and below it, ordered. Symbolic links are followed; each folder is entered once. */
async function listFiles(root: string, folder: string, excluded: string): Promise<string[]> {
  const files: string[] = [];
  const entered = new Set<string>();
  const folders = [folder];
  // The list grows while it is walked.
  for (const current of folders) {
    const real = await realpath(join(root, current));
    if (current === excluded || entered.has(real)) continue;
    entered.add(real);
    const entries = await readdir(join(root, current), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const child = `${current}/${entry.name}`;
      const isFolder = entry.isSymbolicLink()
        ? (await kindOf(join(root, child))) === "folder"
        : entry.isDirectory();
      (isFolder ? folders : files).push(child);
    }
  }
  return files.sort(compareText);
}

/** The texts of specs and of what they refer to. A target that is not there is left to the compiler to report. */
async function readWithReferences(root: string, specs: readonly string[]): Promise<Outcome<Sources>> {
  const sources: Record<string, string> = {};
  const problems: Problem[] = [];
  const wanted = new Set(specs);
  const isSpec = new Set(specs);
  // A set goes on to what is added while it is gone through.
  for (const file of wanted) {
    const read = await readTextIfThere(root, file);
    if (read.kind === "problems") {
      problems.push(...read.problems);
    } else if (read.value !== undefined) {
      sources[file] = read.value;
      for (const target of targetsOf(file, read.value)) wanted.add(target);
    } else if (isSpec.has(file)) {
      problems.push({
        message: `${file} is a symbolic link that leads nowhere.`,
        hint: "Remove or mend it.",
      });
    }
  }
  return problems.length > 0 ? stopped(...problems) : done(sources);
}

function targetsOf(file: string, text: string): Iterable<string> {
  // Most specs refer to nothing, and need not be read as JSON twice.
  if (!text.includes("$ref")) return [];
  const { document } = readJsonDocument(file, text);
  const targets = document === undefined ? [] : [...referencedFiles(document)];
  return targets.filter((target) => target !== "" && !target.includes("\0"));
}
