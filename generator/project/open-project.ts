import { stat } from "node:fs/promises";
import { basename, relative, resolve, sep } from "node:path";
import type { CliIo, ExitCode, GlobalOptions } from "../cli/cli-io.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Sources } from "../source/source-file.ts";
import { guardFiles, loadSources, type Outcome, type Problem, readTextIfThere } from "./output/index.ts";
import {
  type ConfigFile,
  type ConfigFiles,
  configFileName,
  type ProjectConfig,
  readConfig,
} from "./settings/index.ts";

/** A project as it lies on the disk. */
export interface OpenedProject {
  readonly kind: "project";
  /** Absolute path of its folder. */
  readonly root: string;
  readonly config: ProjectConfig;
  /** The files in which its settings were looked for. */
  readonly files: ConfigFiles;
  readonly sources: Sources;
}

/** Why a project can't be worked on. */
export interface UnopenedProject {
  readonly kind: "stopped";
  readonly exitCode: ExitCode;
  readonly root: string;
  readonly problems: readonly Problem[];
  /** What is wrong with its settings. */
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of the files that the diagnostics name. */
  readonly sources: Sources;
}

/** The settings of a project, and the files in which they were looked for. */
export interface OpenedSettings {
  readonly kind: "settings";
  readonly config: ProjectConfig;
  readonly files: ConfigFiles;
}

/** Finds the settings of a project, and reads its sources. */
export async function openProject(
  options: GlobalOptions,
  io: CliIo,
): Promise<OpenedProject | UnopenedProject> {
  const root = resolve(io.cwd, options.cwd ?? ".");
  const settings = await openSettings(root, options);
  if (settings.kind === "stopped") return settings;
  const sources = await loadSources(root, settings.config);
  if (sources.kind === "problems") return unopened(root, 1, { problems: sources.problems });
  const { config, files } = settings;
  return { kind: "project", root, config, files, sources: sources.value };
}

/** Finds the settings of the project in a folder. */
export async function openSettings(
  root: string,
  options: GlobalOptions,
): Promise<OpenedSettings | UnopenedProject> {
  const misuse = await findMisuse(root, options);
  if (misuse !== undefined) return unopened(root, 2, { problems: [misuse] });
  const files = await guardFiles(root, () => readConfigFiles(root, options.config));
  if (files.kind === "problems") return unopened(root, 1, { problems: files.problems });
  const { config, diagnostics } = readConfig(files.value);
  if (config === undefined) return unopened(root, 1, { diagnostics, sources: textsOf(files.value) });
  return { kind: "settings", config, files: files.value };
}

/** A project that can't be worked on, for some reasons. */
export function unopened(
  root: string,
  exitCode: ExitCode,
  reasons: Partial<UnopenedProject>,
): UnopenedProject {
  return { kind: "stopped", exitCode, root, problems: [], diagnostics: [], sources: {}, ...reasons };
}

async function findMisuse(root: string, options: GlobalOptions): Promise<Problem | undefined> {
  const folder = await stat(root).catch(() => undefined);
  if (folder === undefined) return { message: `There is no folder ${root}.` };
  if (!folder.isDirectory()) return { message: `${root} is a file, not a folder.` };
  if (options.config === undefined) return undefined;
  const file = resolve(root, options.config);
  const settings = await stat(file).catch(() => undefined);
  if (settings === undefined) return { message: `There is no file ${file}.` };
  return settings.isDirectory() ? { message: `${file} is a folder, not a file with settings.` } : undefined;
}

function readConfigFiles(root: string, chosen: string | undefined): Outcome<ConfigFiles> {
  // Settings of another package.json than the project's own: that one gives the name too.
  const isPackageChosen = chosen !== undefined && basename(chosen) === packageFileName;
  const packageJson = readConfigFile(root, isPackageChosen ? chosen : packageFileName);
  if (packageJson.kind === "problems") return packageJson;
  const configFile: Outcome<ConfigFile | undefined> = isPackageChosen
    ? { kind: "done", value: undefined }
    : readConfigFile(root, chosen ?? configFileName);
  if (configFile.kind === "problems") return configFile;
  return {
    kind: "done",
    value: {
      ...(packageJson.value === undefined ? {} : { packageJson: packageJson.value }),
      ...(configFile.value === undefined ? {} : { configFile: configFile.value }),
      isChosen: chosen !== undefined,
    },
  };
}

const packageFileName = "package.json";

function readConfigFile(root: string, path: string): Outcome<ConfigFile | undefined> {
  const file = relative(root, resolve(root, path)).split(sep).join("/");
  const read = readTextIfThere(root, file);
  if (read.kind === "problems") return read;
  return { kind: "done", value: read.value === undefined ? undefined : { file, text: read.value } };
}

function textsOf({ packageJson, configFile }: ConfigFiles): Sources {
  return Object.fromEntries(
    [packageJson, configFile].flatMap((read) => (read === undefined ? [] : [[read.file, read.text]])),
  );
}
