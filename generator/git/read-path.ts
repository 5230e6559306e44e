import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { fail, ok, type Result } from "../pipeline/result.ts";
import { guardFiles } from "../project/files/guard-files.ts";
import { readTextIfThere } from "../project/files/read-text.ts";
import { configFileName, readConfig } from "../project/settings/index.ts";
import { type Base, type BaseProject, noHistory } from "./base.ts";
import { ManifestCache } from "./manifest-cache.ts";
import { explainUnreadable, manifestPath } from "./manifest-text.ts";

/** An existing file or folder. */
export interface FoundPath {
  /** Absolute. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** Finds a file or folder by its name, relative to each of some folders. */
export async function findPath(name: string, from: readonly string[]): Promise<FoundPath | undefined> {
  for (const folder of from) {
    const path = resolve(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) return { path, isFolder: found.isDirectory() };
  }
  return undefined;
}

/** Whether a name has the form of a path, which no revision has. */
export function hasPathForm(name: string): boolean {
  return /^(?:\.\.?$|\.{0,2}[/\\]|[a-z]:[/\\])/i.test(name);
}

/**
 * Reads the base in a file or folder: a manifest, the folder of a project, or a folder with a manifest.
 *
 * The manifest of a project is in the output folder of its own settings, or of the settings of the current project.
 */
export async function readPath(project: BaseProject, name: string, found: FoundPath): Promise<Result<Base>> {
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
