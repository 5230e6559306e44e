import type { CompileOptions } from "../compile-project.ts";

/** Settings of a project, defaults filled in. */
export type ProjectConfig = CompileOptions;

/** What holds where a project says nothing. The name never comes from a folder: output would depend on it. */
export const defaultConfig: ProjectConfig = {
  project: "stemma-project",
  schemas: "schemas",
  generated: "generated",
  hashLength: 64,
  importExtension: ".js",
};

/** The file in which settings may stand, if not in `package.json`. */
export const configFileName = "stemma.config.json";
