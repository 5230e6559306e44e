import type { Manifest, ManifestError } from "../manifest/index.ts";
import { ok, type Result } from "../pipeline/result.ts";
import { configFileName, readConfig } from "../project/settings/index.ts";
import type { BaseProject } from "./base.ts";
import { ManifestCache } from "./manifest-cache.ts";
import { manifestPath } from "./manifest-text.ts";
import { readObjects } from "./read-objects.ts";
import type { Repository } from "./repository.ts";

/** The manifest of a project at a commit. */
export interface ManifestAtCommit {
  /** Path of the manifest, relative to the project. */
  readonly file: string;
  readonly manifest: Result<Manifest, ManifestError>;
}

/** Reads the manifest of a project at a commit, in the output folder that its settings named there; undefined without one. */
export async function readManifestAt(
  { git }: Repository,
  commit: string,
  { config, manifestCache = new ManifestCache() }: BaseProject,
): Promise<Result<ManifestAtCommit | undefined>> {
  const file = manifestPath(config.generated);
  const read = await readObjects(git, namesAt(commit, [file, configFileName, packageFileName]));
  if (!read.ok) return read;
  const [manifest, configFile, packageJson] = read.value;
  if (manifest !== undefined) return ok({ file, manifest: manifestCache.read(manifest.text) });
  const then = readConfig({
    ...(configFile === undefined ? {} : { configFile: { file: configFileName, text: configFile.text } }),
    ...(packageJson === undefined ? {} : { packageJson: { file: packageFileName, text: packageJson.text } }),
  });
  const fileThen = manifestPath(then.config?.generated ?? config.generated);
  if (fileThen === file) return ok(undefined);
  const moved = await readObjects(git, namesAt(commit, [fileThen]));
  if (!moved.ok) return moved;
  const text = moved.value[0]?.text;
  return ok(text === undefined ? undefined : { file: fileThen, manifest: manifestCache.read(text) });
}

const packageFileName = "package.json";

/** Git's names of files of the project at a commit. */
function namesAt(commit: string, files: readonly string[]): string[] {
  return files.map((file) => `${commit}:./${file}`);
}
