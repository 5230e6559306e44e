import { basename } from "node:path";
import { findInRepository, findInstalled, type ProcessContext } from "../git/repository.ts";
import { ok, type Result } from "../pipeline/result.ts";
import { guardFiles } from "../project/files/guard-files.ts";
import { kindOf } from "../project/files/walk-folder.ts";
import { listSpecs } from "../project/load-sources.ts";
import { type OpenedConfig, openConfig, type ProjectOptions } from "../project/open-project.ts";
import { packageDescription } from "../project/package-description.ts";
import { defaultConfig } from "../project/settings/index.ts";
import {
  type ExistingPackage,
  type PackageVersions,
  packageName,
  readExistingPackage,
  type ScaffoldOptions,
} from "../scaffold/index.ts";

/** A folder that becomes a project. */
export interface InspectedFolder {
  readonly options: ScaffoldOptions;
  /** Absent without a `package.json`. */
  readonly ownPackage?: ExistingPackage;
}

/** Inspects a folder, which need not exist if it may be created. */
export async function inspectFolder(
  root: string,
  options: ProjectOptions & { readonly mayCreate: boolean },
  context: ProcessContext,
): Promise<Result<InspectedFolder>> {
  return guardFiles(root, async () => {
    const isNew = options.mayCreate && options.config === undefined && kindOf(root) === "missing";
    const opened = isNew ? ok({ config: defaultConfig, files: {} }) : await openConfig(root, options);
    return opened.ok ? ok(await describeFolder(root, opened.value, context)) : opened;
  });
}

async function describeFolder(
  root: string,
  { config, files }: OpenedConfig,
  context: ProcessContext,
): Promise<InspectedFolder> {
  const { schemas, generated, importExtension } = config;
  const versions = requiredPackages();
  const ownPackage = files.packageJson && readExistingPackage(files.packageJson.text, versions);
  const folder = await findInRepository(root, context);
  const options = {
    name: packageName(basename(root)),
    schemas,
    generated,
    importExtension,
    hasSettings: files.configFile !== undefined || ownPackage?.hasSettings === true,
    hasSpecs: listSpecs(root, config).length > 0,
    isModule: ownPackage?.isModule ?? true,
    installed: findInstalled(root, folder),
    folder,
    versions,
  };
  return { options, ...(ownPackage === undefined ? {} : { ownPackage }) };
}

/** This package, and the tools that run and check a TypeScript program, in the versions that it is tested with. */
function requiredPackages(): PackageVersions {
  const { version, devDependencies } = packageDescription();
  const tools = ["@types/node", "tsx", "typescript"];
  return {
    dependencies: { stemma: `^${version}` },
    devDependencies: Object.fromEntries(tools.map((name) => [name, `^${devDependencies[name]}`])),
  };
}
