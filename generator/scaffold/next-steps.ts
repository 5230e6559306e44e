import { pipelinePath } from "./example-files.ts";
import type { ExistingPackage } from "./existing-package.ts";
import { diffDriverCommand, missingLines } from "./git-files.ts";
import type { InitOptions, PackageVersions } from "./init-options.ts";
import type { InitialFile } from "./initial-file.ts";

/** What became of the files of a new project. */
export interface BegunProject {
  readonly options: InitOptions;
  /** Absent where the `package.json` was written. */
  readonly ownPackage?: ExistingPackage;
  /** The way to its folder, where that is another than the one in which the command was started. */
  readonly way?: string;
  /** Lists that were there already, with their texts. */
  readonly lists: readonly { readonly wanted: InitialFile; readonly text: string }[];
}

/** Says what is left to do, with the commands that do it. */
export function nextSteps(project: BegunProject): string {
  const { options, lists } = project;
  const paragraphs = [
    options.hasSpecs
      ? [`There are specs in ${options.schemas} already, so no example was added to them.`]
      : [],
    ...lists.map(({ wanted, text }) => {
      const lines = missingLines(text, wanted.text);
      return lines.length === 0 ? [] : [`To add to ${wanted.path}, which was there already:`, ...lines];
    }),
    ["Next:", ...commands(project)],
    [`Commit ${options.generated}/ and package-lock.json too: the workflow checks them.`],
    [
      "Once in each clone, so that git diff names the feature over each part of versions.json:",
      diffDriverCommand,
    ],
  ];
  return paragraphs
    .filter((paragraph) => paragraph.length > 0)
    .map(([head, ...lines]) => `\n${head}\n${lines.map((line) => `  ${line}\n`).join("")}`)
    .join("");
}

function commands({ options, ownPackage, way }: BegunProject): string[] {
  return [
    ...(way === undefined ? [] : [`cd ${/\s/.test(way) ? `"${way}"` : way}`]),
    ...installCommands(ownPackage?.lacking),
    "npx stemma generate",
    ...(options.hasSpecs ? [] : [`npx tsx ${pipelinePath(options)}`]),
  ];
}

function installCommands(lacking: PackageVersions | undefined): string[] {
  const install = (option: string, ranges: Readonly<Record<string, string>> = {}) => {
    const packages = Object.entries(ranges).map(([name, range]) => `${name}@${range}`);
    return packages.length === 0 ? [] : [`npm install ${option}${packages.join(" ")}`];
  };
  const needed = [...install("", lacking?.dependencies), ...install("--save-dev ", lacking?.devDependencies)];
  return needed.length === 0 ? ["npm install"] : needed;
}
