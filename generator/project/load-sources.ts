import { dirname, join } from "node:path";
import type { CliError } from "../diagnostics/cli-error.ts";
import { fail, okUnless, type Result } from "../pipeline/result.ts";
import { isSpecFile, referencedFiles } from "../source/index.ts";
import { readJsonDocument } from "../source/read-json-document.ts";
import type { Sources } from "../source/source-file.ts";
import { guardFiles } from "./files/guard-files.ts";
import { readTextIfThere } from "./files/read-text.ts";
import { kindOf, walkFolder } from "./files/walk-folder.ts";

/** The folders of a project, relative to it. */
export interface ProjectFolders {
  readonly schemas: string;
  readonly generated: string;
}

/** Reads the specs of a project, and the files that their `$ref`s name, inside and outside of the project. */
export async function loadSources(root: string, folders: ProjectFolders): Promise<Result<Sources>> {
  return guardFiles(root, () => {
    const missing = explainMissingFolder(root, folders.schemas);
    if (missing !== undefined) return fail(missing);
    const { files } = walkFolder(root, folders.schemas, folders.generated);
    const specs = files.filter(isSpecFile);
    if (specs.length === 0) return fail(explainNoSpecs(folders.schemas, files));
    return readWithReferences(root, specs);
  });
}

/** Lists the specs of a project, ordered; none if their folder does not exist. */
export function listSpecs(root: string, { schemas, generated }: ProjectFolders): string[] {
  const kind = kindOf(join(root, schemas));
  return kind === "folder" ? walkFolder(root, schemas, generated).files.filter(isSpecFile) : [];
}

function explainMissingFolder(root: string, folder: string): CliError | undefined {
  const kind = kindOf(join(root, folder));
  if (kind === "folder") return undefined;
  const code = "specs-not-found";
  if (kind === "file") return { code, message: `${folder} is a file; it should be the folder of the specs.` };
  const parent = findParentWith(root, folder);
  return {
    code,
    message: `The folder ${folder} does not exist in ${root}.`,
    hint:
      parent === undefined
        ? "Create it and put specs into it (files *.feature.json), or name the folder of the project with `--cwd DIR`."
        : `\`${parent}\` has one: run the command there, or add \`--cwd ${parent}\`.`,
  };
}

/** The nearest parent that holds a folder of this name. */
function findParentWith(root: string, folder: string): string | undefined {
  for (let parent = dirname(root); parent !== dirname(parent); parent = dirname(parent)) {
    if (kindOf(join(parent, folder)) === "folder") return parent;
  }
  return undefined;
}

function explainNoSpecs(folder: string, files: readonly string[]): CliError {
  const misnamed = files.find((file) => file.endsWith(".json") && !file.endsWith(".schema.json"));
  return {
    code: "specs-not-found",
    message: `${folder} contains no specs: no file is named *.feature.json.`,
    hint:
      misnamed === undefined
        ? `Write one, for example ${folder}/audio.feature.json.`
        : `If ${misnamed} is a spec, rename it to ${misnamed.replace(/\.json$/, ".feature.json")}.`,
  };
}

/** The texts of specs, and of the files that they refer to. The compiler reports a reference to a missing file. */
function readWithReferences(root: string, specs: readonly string[]): Result<Sources> {
  const sources: Record<string, string> = {};
  const errors: CliError[] = [];
  const pending = new Set(specs);
  const isSpec = new Set(specs);
  // A Set also iterates over what the loop adds.
  for (const file of pending) {
    const read = readTextIfThere(root, file);
    if (!read.ok) {
      errors.push(...read.errors);
    } else if (read.value !== undefined) {
      sources[file] = read.value;
      for (const target of targetsOf(file, read.value)) pending.add(target);
    } else if (isSpec.has(file)) {
      errors.push({
        code: "file-unreadable",
        message: `${file} is a broken symbolic link.`,
        hint: "Remove or fix it.",
      });
    }
  }
  return okUnless(errors, sources);
}

/** The other files that the `$ref`s of a text name, whether they exist or not. */
export function targetsOf(file: string, text: string): Iterable<string> {
  // Most specs refer to nothing: that saves a second parse.
  if (!text.includes("$ref")) return [];
  const { document } = readJsonDocument(file, text);
  const targets = document === undefined ? [] : [...referencedFiles(document)];
  return targets.filter((target) => target !== "" && !target.includes("\0"));
}
