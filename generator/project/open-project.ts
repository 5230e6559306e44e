import { stat } from "node:fs/promises";
import { basename, relative, resolve, sep } from "node:path";
import type { CliError } from "../diagnostics/cli-error.ts";
import { fail, ok, type Result } from "../pipeline/result.ts";
import type { Sources } from "../source/source-file.ts";
import { guardFiles } from "./files/guard-files.ts";
import { readTextIfThere } from "./files/read-text.ts";
import { loadSources } from "./load-sources.ts";
import {
  type ConfigFile,
  type ConfigFiles,
  configFileName,
  type ProjectConfig,
  readConfig,
} from "./settings/index.ts";

/** Which project a command works on. */
export interface ProjectOptions {
  /** Folder of the project, instead of the working directory. */
  readonly cwd?: string;
  /** Config file, relative to that folder. */
  readonly config?: string;
}

/** A project as it is on the disk. */
export interface OpenedProject extends OpenedConfig {
  /** Absolute path of its folder. */
  readonly root: string;
  readonly sources: Sources;
}

/** The config of a project, and the files that may hold it. */
export interface OpenedConfig {
  readonly config: ProjectConfig;
  readonly files: ConfigFiles;
}

/** The absolute path of the folder of a project. */
export function projectRoot(workingDirectory: string, { cwd = "." }: ProjectOptions): string {
  return resolve(workingDirectory, cwd);
}

/** Reads the config and the sources of a project. */
export async function openProject(
  options: ProjectOptions,
  workingDirectory: string,
): Promise<Result<OpenedProject>> {
  const root = projectRoot(workingDirectory, options);
  const opened = await openConfig(root, options);
  if (!opened.ok) return opened;
  const sources = await loadSources(root, opened.value.config);
  return sources.ok ? ok({ root, ...opened.value, sources: sources.value }) : sources;
}

/** Reads the config of the project in a folder. */
export async function openConfig(root: string, options: ProjectOptions): Promise<Result<OpenedConfig>> {
  const usageError = await findUsageError(root, options);
  if (usageError !== undefined) return fail(usageError);
  const files = await guardFiles(root, () => readConfigFiles(root, options.config));
  if (!files.ok) return files;
  const { config, diagnostics } = readConfig(files.value);
  if (config !== undefined) return ok({ config, files: files.value });
  const sources = textsOf(files.value);
  const diagnosed = { root, sources, diagnostics };
  return fail({ code: "config-invalid", message: "The config holds errors.", diagnosed });
}

async function findUsageError(root: string, options: ProjectOptions): Promise<CliError | undefined> {
  const folder = await stat(root).catch(() => undefined);
  if (folder === undefined)
    return { code: "folder-not-found", message: `The folder ${root} does not exist.` };
  if (!folder.isDirectory()) return { code: "folder-not-found", message: `${root} is a file, not a folder.` };
  if (options.config === undefined) return undefined;
  const file = resolve(root, options.config);
  const config = await stat(file).catch(() => undefined);
  if (config === undefined) return { code: "config-not-found", message: `The file ${file} does not exist.` };
  if (!config.isDirectory()) return undefined;
  return { code: "config-not-found", message: `${file} is a folder, not a config file.` };
}

function readConfigFiles(root: string, chosen: string | undefined): Result<ConfigFiles> {
  // A package.json other than the project's own also gives the project its name.
  const isPackageChosen = chosen !== undefined && basename(chosen) === packageFileName;
  const packageJson = readConfigFile(root, isPackageChosen ? chosen : packageFileName);
  if (!packageJson.ok) return packageJson;
  const configFile = isPackageChosen ? ok(undefined) : readConfigFile(root, chosen ?? configFileName);
  if (!configFile.ok) return configFile;
  const files: ConfigFiles = {
    ...(packageJson.value === undefined ? {} : { packageJson: packageJson.value }),
    ...(configFile.value === undefined ? {} : { configFile: configFile.value }),
    isExplicit: chosen !== undefined,
  };
  return ok(files);
}

const packageFileName = "package.json";

function readConfigFile(root: string, path: string): Result<ConfigFile | undefined> {
  const file = relative(root, resolve(root, path)).split(sep).join("/");
  const read = readTextIfThere(root, file);
  if (!read.ok) return read;
  return ok(read.value === undefined ? undefined : { file, text: read.value });
}

function textsOf({ packageJson, configFile }: ConfigFiles): Sources {
  return Object.fromEntries(
    [packageJson, configFile].flatMap((read) => (read === undefined ? [] : [[read.file, read.text]])),
  );
}
