import { done, type Outcome } from "../project/output/index.ts";
import { configFileName, readConfig } from "../project/settings/index.ts";
import type { BaseProject } from "./base.ts";
import { ManifestCache } from "./manifest-cache.ts";
import { type ManifestText, manifestPath } from "./manifest-text.ts";
import { readObjects } from "./read-objects.ts";
import type { Repository } from "./repository.ts";

/** The manifest of a project at a commit. */
export type ManifestAtCommit =
  | (ManifestText & {
      /** Path of the manifest, relative to the project. */
      readonly file: string;
    })
  | { readonly kind: "missing" };

/** Reads the manifest of a project at a commit, in the output folder of then if that was another one. */
export async function readManifestAt(
  { git }: Repository,
  commit: string,
  { config, manifestCache = new ManifestCache() }: BaseProject,
): Promise<Outcome<ManifestAtCommit>> {
  const file = manifestPath(config.generated);
  const read = await readObjects(git, namesAt(commit, [file, configFileName, packageFileName]));
  if (read.kind === "problems") return read;
  const [manifest, configFile, packageJson] = read.value;
  if (manifest !== undefined) return done({ ...manifestCache.read(manifest.text), file });
  const then = readConfig({
    ...(configFile === undefined ? {} : { configFile: { file: configFileName, text: configFile.text } }),
    ...(packageJson === undefined ? {} : { packageJson: { file: packageFileName, text: packageJson.text } }),
  });
  const fileThen = manifestPath(then.config?.generated ?? config.generated);
  if (fileThen === file) return done({ kind: "missing" });
  const moved = await readObjects(git, namesAt(commit, [fileThen]));
  if (moved.kind === "problems") return moved;
  const text = moved.value[0]?.text;
  return done(text === undefined ? { kind: "missing" } : { ...manifestCache.read(text), file: fileThen });
}

const packageFileName = "package.json";

/** Names by which git knows files of the project at a commit. */
function namesAt(commit: string, files: readonly string[]): string[] {
  return files.map((file) => `${commit}:./${file}`);
}
