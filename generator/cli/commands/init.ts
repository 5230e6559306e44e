import { basename, posix, relative, resolve } from "node:path";
import { exitCodes } from "../../diagnostics/cli-error.ts";
import { findInRepository, findInstalled, type ProcessContext } from "../../git/repository.ts";
import { ok, type Result } from "../../pipeline/result.ts";
import { guardFiles } from "../../project/files/guard-files.ts";
import { readTextIfThere } from "../../project/files/read-text.ts";
import { kindOf } from "../../project/files/walk-folder.ts";
import { listSpecs } from "../../project/load-sources.ts";
import { type OpenedConfig, openConfig, type ProjectOptions } from "../../project/open-project.ts";
import { writeNewFiles } from "../../project/output/write-new-files.ts";
import { packageDescription } from "../../project/package-description.ts";
import { defaultConfig } from "../../project/settings/index.ts";
import { describeFiles, describeNextSteps } from "../../report/text/describe-scaffold.ts";
import {
  type ExistingPackage,
  type PackageVersions,
  packageName,
  readExistingPackage,
  type ScaffoldFile,
  type ScaffoldOptions,
  scaffoldFiles,
} from "../../scaffold/index.ts";
import { type AnyCommand, defineCommand } from "../command.ts";
import type { GlobalOptions } from "../console.ts";
import { relativeTo } from "../display-paths.ts";

interface InitArguments {
  /** Folder of the project; by default the working directory. */
  readonly dir?: string;
}

/** Writes the files of a working project into a folder. It overwrites nothing. */
export const command: AnyCommand = defineCommand<InitArguments, GlobalOptions>({
  arguments: { dir: "folder of the project, created if missing; default: the current one" },
  options: {},
  async run(options, console) {
    const { io } = console;
    const root = resolve(io.cwd, options.cwd ?? ".", options.dir ?? ".");
    const inspected = await inspectFolder(root, { ...options, mayCreate: options.dir !== undefined }, io);
    if (!inspected.ok) return console.fail(inspected.errors);

    const files = scaffoldFiles(inspected.value.options);
    const created = await writeNewFiles(root, files);
    if (!created.ok) return console.fail(created.errors);
    const { kept } = created.value;
    const toDisplayPath = relativeTo(io.cwd, root);
    console.optionalData(describeFiles(files, kept, (file) => posix.normalize(toDisplayPath(file))));
    const lists = await readLists(root, kept);
    if (!lists.ok) return console.fail(lists.errors);
    const path = relative(io.cwd, root);
    console.note(
      describeNextSteps({ ...inspected.value, ...(path === "" ? {} : { path }), lists: lists.value }),
    );
    return exitCodes.success;
  },
});

/** The texts of the lists that existed already. */
async function readLists(
  root: string,
  kept: readonly ScaffoldFile[],
): Promise<Result<{ readonly file: ScaffoldFile; readonly text: string }[]>> {
  return guardFiles(root, () => {
    const lists = [];
    for (const file of kept.filter(({ isList }) => isList)) {
      const read = readTextIfThere(root, file.path);
      if (!read.ok) return read;
      lists.push({ file, text: read.value ?? "" });
    }
    return ok(lists);
  });
}

/** A folder that becomes a project. */
export interface InspectedFolder {
  readonly options: ScaffoldOptions;
  /** Absent without a `package.json`. */
  readonly ownPackage?: ExistingPackage;
}

/** Inspects a folder, which need not exist if it may be created. */
async function inspectFolder(
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
