import { basename, dirname } from "node:path";
import { done, guardFiles, type Outcome, readTextIfThere, stopped } from "../project/output/index.ts";
import { configFileName, readConfig } from "../project/settings/index.ts";
import { type Base, type BaseProject, noHistory } from "./base.ts";
import type { FoundPath } from "./find-path.ts";
import { ManifestCache } from "./manifest-cache.ts";
import { explainUnreadable, manifestPath } from "./manifest-text.ts";

/**
 * Reads the state that a file or folder holds: a manifest, the folder of a project, or one that has a manifest in it.
 *
 * A project has its manifest where its own settings say, or those of the project at hand.
 */
export async function readPath(project: BaseProject, name: string, found: FoundPath): Promise<Outcome<Base>> {
  return guardFiles(found.path, async () => {
    if (!found.isFolder) {
      const read = await readTextIfThere(dirname(found.path), basename(found.path));
      return read.kind === "problems" ? read : baseIn(name, name, read.value ?? "", project);
    }
    const displayName = name.replace(/[/\\]+$/, "");
    const own = await generatedFolderOf(found.path);
    const files = new Set([...own, project.config.generated].map(manifestPath)).add("versions.json");
    for (const file of files) {
      const read = await readTextIfThere(found.path, file);
      if (read.kind === "problems") return read;
      if (read.value !== undefined) return baseIn(name, `${displayName}/${file}`, read.value, project);
    }
    return stopped({
      message: `${name} holds no versions: there is no ${[...files].join(" and no ")} in it.`,
      hint: "Name the folder of a project for which `stemma generate` has run, or a versions.json.",
    });
  });
}

function baseIn(
  ref: string,
  file: string,
  text: string,
  { manifestCache = new ManifestCache() }: BaseProject,
): Outcome<Base> {
  const reading = manifestCache.read(text);
  if (reading.kind === "unreadable") return stopped(explainUnreadable(file, reading));
  return done({
    manifest: reading.manifest,
    origin: { ref },
    description: `against ${file}`,
    isFallback: false,
    warnings: [],
    ...noHistory,
  });
}

/** The output folder of the project that lies in a folder, by its own settings. */
async function generatedFolderOf(folder: string): Promise<string[]> {
  const [configFile, packageJson] = await Promise.all(
    [configFileName, "package.json"].map(async (file) => {
      const read = await readTextIfThere(folder, file);
      return read.kind === "done" && read.value !== undefined ? { file, text: read.value } : undefined;
    }),
  );
  const { config } = readConfig({ ...(configFile && { configFile }), ...(packageJson && { packageJson }) });
  return config === undefined ? [] : [config.generated];
}
