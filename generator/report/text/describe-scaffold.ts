import {
  diffDriverCommand,
  type ExistingPackage,
  missingLines,
  type PackageVersions,
  pipelinePath,
  type ScaffoldFile,
  type ScaffoldOptions,
} from "../../scaffold/index.ts";

/** The files of a new project: whether each was written, or existed and was kept. */
export function describeFiles(
  files: readonly ScaffoldFile[],
  kept: readonly ScaffoldFile[],
  toDisplayPath: (file: string) => string,
): string {
  return files
    .map((file) => `${kept.includes(file) ? "kept   " : "written"}  ${toDisplayPath(file.path)}\n`)
    .join("");
}

/** A new project after its files were written. */
export interface ScaffoldedProject {
  readonly options: ScaffoldOptions;
  /** Absent if the `package.json` was written. */
  readonly ownPackage?: ExistingPackage;
  /** Path of its folder, if it is not the working directory. */
  readonly path?: string;
  /** Lists that existed already, with their texts. */
  readonly lists: readonly { readonly file: ScaffoldFile; readonly text: string }[];
}

/** The next steps in a new project, with their commands. */
export function describeNextSteps(project: ScaffoldedProject): string {
  const { options, lists } = project;
  const paragraphs = [
    options.hasSpecs ? [`${options.schemas} has specs already, so no example was added.`] : [],
    ...lists.map(({ file, text }) => {
      const lines = missingLines(text, file.text);
      return lines.length === 0 ? [] : [`Add to ${file.path}, which existed already:`, ...lines];
    }),
    ["Next:", ...commands(project)],
    [`Commit ${options.generated}/ and package-lock.json too: the workflow checks them.`],
    [
      "Once in each clone, so that git diff names the feature above each part of versions.json:",
      diffDriverCommand,
    ],
  ];
  return paragraphs
    .filter((paragraph) => paragraph.length > 0)
    .map(([head, ...lines]) => `\n${head}\n${lines.map((line) => `  ${line}\n`).join("")}`)
    .join("");
}

function commands({ options, ownPackage, path }: ScaffoldedProject): string[] {
  return [
    ...(path === undefined ? [] : [`cd ${/\s/.test(path) ? `"${path}"` : path}`]),
    ...installCommands(ownPackage?.missing),
    "npx stemma generate",
    ...(options.hasSpecs ? [] : [`npx tsx ${pipelinePath(options)}`]),
  ];
}

function installCommands(missing: PackageVersions | undefined): string[] {
  const install = (option: string, ranges: Readonly<Record<string, string>> = {}) => {
    const packages = Object.entries(ranges).map(([name, range]) => `${name}@${range}`);
    return packages.length === 0 ? [] : [`npm install ${option}${packages.join(" ")}`];
  };
  const needed = [...install("", missing?.dependencies), ...install("--save-dev ", missing?.devDependencies)];
  return needed.length === 0 ? ["npm install"] : needed;
}
