import { dirname, join } from "node:path";
import { isSpecFile, referencedFiles } from "../../source/index.ts";
import { readJsonDocument } from "../../source/read-json-document.ts";
import type { Sources } from "../../source/source-file.ts";
import { guardFiles } from "./file-failure.ts";
import { done, type Outcome, type Problem, stopped } from "./problem.ts";
import { readTextIfThere } from "./read-text.ts";
import { kindOf, walkFolder } from "./walk-folder.ts";

/** The folders of a project, relative to it. */
export interface ProjectFolders {
  readonly schemas: string;
  readonly generated: string;
}

/** Reads the specs of a project, and the files that their `$ref`s lead to, wherever these are. */
export async function loadSources(root: string, folders: ProjectFolders): Promise<Outcome<Sources>> {
  return guardFiles(root, () => {
    const missing = explainMissingFolder(root, folders.schemas);
    if (missing !== undefined) return stopped(missing);
    const { files } = walkFolder(root, folders.schemas, folders.generated);
    const specs = files.filter(isSpecFile);
    if (specs.length === 0) return stopped(explainNoSpecs(folders.schemas, files));
    return readWithReferences(root, specs);
  });
}

/** Lists the specs of a project, ordered; none where there is no folder for them. */
export function listSpecs(root: string, { schemas, generated }: ProjectFolders): string[] {
  const kind = kindOf(join(root, schemas));
  return kind === "folder" ? walkFolder(root, schemas, generated).files.filter(isSpecFile) : [];
}

function explainMissingFolder(root: string, folder: string): Problem | undefined {
  const kind = kindOf(join(root, folder));
  if (kind === "folder") return undefined;
  if (kind === "file") return { message: `${folder} is a file; it should be the folder of the specs.` };
  const above = findAbove(root, folder);
  return {
    message: `There is no folder ${folder} in ${root}.`,
    hint:
      above === undefined
        ? "Create it and put specs into it (files *.feature.json), or name the folder of the project with `--cwd DIR`."
        : `There is one in \`${above}\`: run the command there, or add \`--cwd ${above}\`.`,
  };
}

/** The nearest folder above that holds one of a name. */
function findAbove(root: string, folder: string): string | undefined {
  for (let parent = dirname(root); parent !== dirname(parent); parent = dirname(parent)) {
    if (kindOf(join(parent, folder)) === "folder") return parent;
  }
  return undefined;
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

/** The texts of specs and of what they refer to. A target that is not there is left to the compiler to report. */
function readWithReferences(root: string, specs: readonly string[]): Outcome<Sources> {
  const sources: Record<string, string> = {};
  const problems: Problem[] = [];
  const wanted = new Set(specs);
  const isSpec = new Set(specs);
  // A set goes on to what is added while it is gone through.
  for (const file of wanted) {
    const read = readTextIfThere(root, file);
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

/** The other files that the `$ref`s of a text name, whether they are there or not. */
export function targetsOf(file: string, text: string): Iterable<string> {
  // Most specs refer to nothing, and need not be read as JSON twice.
  if (!text.includes("$ref")) return [];
  const { document } = readJsonDocument(file, text);
  const targets = document === undefined ? [] : [...referencedFiles(document)];
  return targets.filter((target) => target !== "" && !target.includes("\0"));
}
