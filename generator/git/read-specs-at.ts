import { targetsOf } from "../project/load-sources.ts";
import { configFileName, type ProjectConfig, readConfig } from "../project/settings/index.ts";
import { isSpecFile } from "../source/index.ts";
import type { Sources } from "../source/source-file.ts";
import { readObjects } from "./read-objects.ts";
import { linesOf, type Repository } from "./repository.ts";

/** The specs of a project at a commit, the files that they refer to, and its settings there. */
export interface SpecsAtCommit {
  readonly sources: Sources;
  readonly config: ProjectConfig;
}

/** Reads the specs of a project at a commit; undefined if they can't be read. */
export async function readSpecsAt(
  repository: Repository,
  commit: string,
  now: ProjectConfig,
): Promise<SpecsAtCommit | undefined> {
  const config = await readConfigAt(repository, commit, now);
  const files = (await listFiles(repository, commit, config.schemas)).filter(
    (file) => isSpecFile(file) && !file.startsWith(`${config.generated}/`),
  );
  const sources: Record<string, string> = {};
  let pending: readonly string[] = files;
  while (pending.length > 0) {
    const read = await readFiles(repository, commit, pending);
    if (read === undefined) return undefined;
    Object.assign(sources, read);
    const targets = Object.entries(read).flatMap(([file, text]) => [...targetsOf(file, text)]);
    // A missing target is not requested again.
    const requested = new Set([...pending, ...Object.keys(sources)]);
    pending = [...new Set(targets)].filter((target) => !requested.has(target));
  }
  return { sources, config };
}

async function readConfigAt(
  repository: Repository,
  commit: string,
  now: ProjectConfig,
): Promise<ProjectConfig> {
  const read = await readFiles(repository, commit, [configFileName, packageFileName]);
  const [config, manifest] = [read?.[configFileName], read?.[packageFileName]];
  const then = readConfig({
    ...(config === undefined ? {} : { configFile: { file: configFileName, text: config } }),
    ...(manifest === undefined ? {} : { packageJson: { file: packageFileName, text: manifest } }),
  });
  return then.config ?? now;
}

const packageFileName = "package.json";

/** Files in a folder of the project at a commit, relative to the project. */
async function listFiles({ git }: Repository, commit: string, folder: string): Promise<string[]> {
  const run = await git([
    "-c",
    "core.quotePath=false",
    "ls-tree",
    "-r",
    "--name-only",
    commit,
    "--",
    `./${folder}/`,
  ]);
  return run.exitCode === 0 ? linesOf(run) : [];
}

async function readFiles(
  { git }: Repository,
  commit: string,
  files: readonly string[],
): Promise<Record<string, string> | undefined> {
  const read = await readObjects(
    git,
    files.map((file) => `${commit}:./${file}`),
  );
  if (!read.ok) return undefined;
  return Object.fromEntries(
    files.flatMap((file, index) => {
      const text = read.value[index]?.text;
      return text === undefined ? [] : [[file, text] as const];
    }),
  );
}
