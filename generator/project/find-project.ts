import { basename } from "node:path";
import type { CliIo, GlobalOptions } from "../cli/cli-io.ts";
import { pathExists } from "../cli/path-exists.ts";
import { findInRepository, findInstalled } from "../git/find-in-repository.ts";
import {
  type ExistingPackage,
  type InitOptions,
  type PackageVersions,
  packageName,
  readExistingPackage,
} from "../scaffold/index.ts";
import { type OpenedSettings, openSettings, type UnopenedProject, unopened } from "./open-project.ts";
import { done, guardFiles, listSpecs } from "./output/index.ts";
import { packageDescription } from "./package-description.ts";
import { defaultConfig } from "./settings/index.ts";

/** What is there of a project that is to begin. */
export interface FoundProject {
  readonly kind: "found";
  readonly options: InitOptions;
  /** Absent where there is no `package.json`. */
  readonly ownPackage?: ExistingPackage;
}

/** Looks at the folder in which a project is to begin. Without `mayBeMade` it must be there. */
export async function findProject(
  root: string,
  options: GlobalOptions & { readonly mayCreate: boolean },
  io: CliIo,
): Promise<FoundProject | UnopenedProject> {
  const willCreate = options.mayCreate && options.config === undefined && !(await pathExists(root));
  const settings = willCreate ? none : await openSettings(root, options);
  if (settings.kind === "stopped") return settings;
  const found = await guardFiles(root, async () => done(await inspectFolder(root, settings, io)));
  return found.kind === "problems" ? unopened(root, 1, { problems: found.problems }) : found.value;
}

const none: OpenedSettings = { kind: "settings", config: defaultConfig, files: {} };

async function inspectFolder(
  root: string,
  { config, files }: OpenedSettings,
  io: CliIo,
): Promise<FoundProject> {
  const { schemas, generated, importExtension } = config;
  const versions = requiredPackages();
  const ownPackage = files.packageJson && readExistingPackage(files.packageJson.text, versions);
  const pathInRepository = await findInRepository(root, io);
  const options = {
    name: packageName(basename(root)),
    schemas,
    generated,
    importExtension,
    hasSettings: files.configFile !== undefined || ownPackage?.hasSettings === true,
    hasSpecs: listSpecs(root, config).length > 0,
    isModule: ownPackage?.isModule ?? true,
    installed: await findInstalled(root, pathInRepository),
    folder: pathInRepository,
    versions,
  };
  return { kind: "found", options, ...(ownPackage === undefined ? {} : { ownPackage }) };
}

/** This package, and what runs and checks a program of TypeScript, each in the version that it is tested with. */
function requiredPackages(): PackageVersions {
  const { version, devDependencies } = packageDescription();
  const tools = ["@types/node", "tsx", "typescript"];
  return {
    dependencies: { stemma: `^${version}` },
    devDependencies: Object.fromEntries(tools.map((name) => [name, `^${devDependencies[name]}`])),
  };
}
