import { exampleFiles, pipelinePath } from "./example-files.ts";
import { attributesFile, ignoreFile } from "./git-files.ts";
import type { InitOptions } from "./init-options.ts";
import type { InitialFile } from "./initial-file.ts";
import { workflow, workflowName } from "./workflow.ts";

/**
 * The files of a project that works: an example of a root and two children with a pipeline, settings, a package, and
 * what git and GitHub are to do with them.
 *
 * Without the example where there are specs already, and without settings where these are.
 */
export function initialFiles(options: InitOptions): InitialFile[] {
  const { hasSpecs, hasSettings, folder } = options;
  return [
    ...(hasSpecs ? [] : exampleFiles(options)),
    ...(hasSettings ? [] : [jsonFile("stemma.config.json", settings(options))]),
    jsonFile("package.json", packageDescription(options)),
    jsonFile("tsconfig.json", compilerSettings(options)),
    attributesFile(options),
    ignoreFile,
    {
      // GitHub looks for workflows at the top of a repository only.
      path: `${upFrom(folder)}.github/workflows/${workflowName(folder)}.yml`,
      text: workflow({ command: "npx stemma", folder }),
    },
  ];
}

/** The way from a folder up to where it starts: `../` for each of its steps. */
function upFrom(folder: string): string {
  return folder === "" ? "" : "../".repeat(folder.split("/").length);
}

function settings({ installed, hasSpecs }: InitOptions): object {
  return {
    $schema: `${installed.startsWith("../") ? "" : "./"}${installed}/schemas/config.schema.json`,
    ...(hasSpecs ? {} : { stores: { local: { database: "features.duckdb" } }, defaultStore: "local" }),
  };
}

function packageDescription(options: InitOptions): object {
  const { name, hasSpecs, versions } = options;
  return {
    name,
    private: true,
    type: "module",
    scripts: {
      generate: "stemma generate",
      check: "stemma generate --check",
      types: "tsc",
      ...(hasSpecs ? {} : { start: `tsx ${pipelinePath(options)}` }),
    },
    ...versions,
  };
}

function compilerSettings({ importExtension }: InitOptions): object {
  return {
    compilerOptions: {
      target: "ES2022",
      lib: ["ES2023", "ESNext.Disposable"],
      // Imports without an ending are for bundlers.
      module: importExtension === "" ? "Preserve" : "NodeNext",
      types: ["node"],
      ...(importExtension === ".ts" ? { allowImportingTsExtensions: true } : {}),
      noEmit: true,
      strict: true,
      skipLibCheck: true,
    },
  };
}

function jsonFile(path: string, value: object): InitialFile {
  return { path, text: `${JSON.stringify(value, undefined, 2)}\n` };
}
