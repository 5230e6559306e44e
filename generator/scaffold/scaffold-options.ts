/** What the files of a new project depend on. */
export interface ScaffoldOptions {
  /** Name of its package. */
  readonly name: string;
  /** Folders of specs and modules, and the extension of imports, as in the settings. */
  readonly schemas: string;
  readonly generated: string;
  readonly importExtension: ".js" | ".ts" | "";
  /** A file with settings exists already. */
  readonly hasSettings: boolean;
  /** Specs exist already, so that no example is added. */
  readonly hasSpecs: boolean;
  /** Its `.ts` files are ES modules: it has no `package.json` yet, or one with `"type": "module"`. */
  readonly isModule: boolean;
  /** Path of the installed package, relative to the project's folder. */
  readonly installed: string;
  /** Path of the project's folder in its git repository, with `/`; empty at the top, and without a repository. */
  readonly folder: string;
  readonly versions: PackageVersions;
}

/** Packages that a project needs, with their version ranges. */
export interface PackageVersions {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** A file of a new project. */
export interface ScaffoldFile {
  /** Relative to the project's folder, with `/`. It may be outside, as `../.github/…`. */
  readonly path: string;
  readonly text: string;
  /** A list of lines: if the file exists already, the command prints the lines that it lacks. */
  readonly isList?: boolean;
}

/** The program of the example. It uses top-level await, which needs an ES module. */
export function pipelinePath({ isModule }: Pick<ScaffoldOptions, "isModule">): string {
  return isModule ? "pipeline.ts" : "pipeline.mts";
}
