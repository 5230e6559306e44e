import { renderTemplate } from "../pipeline/templates.ts";

/** The `package.json` of a project that exists already. */
export interface ExistingPackage {
  readonly isModule: boolean;
  /** It holds the settings. */
  readonly hasSettings: boolean;
  /** The packages that it lacks. */
  readonly missing: PackageVersions;
}

/** Reads the JSON of a `package.json`. */
export function readExistingPackage(text: string, required: PackageVersions): ExistingPackage {
  const description = recordOf(JSON.parse(text));
  const existing = { ...recordOf(description["dependencies"]), ...recordOf(description["devDependencies"]) };
  const missingOf = (ranges: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(ranges).filter(([name]) => !Object.hasOwn(existing, name)));
  return {
    isModule: description["type"] === "module",
    hasSettings: Object.hasOwn(description, "stemma"),
    missing: {
      dependencies: missingOf(required.dependencies),
      devDependencies: missingOf(required.devDependencies),
    },
  };
}

/** A valid name of a package, as similar as possible to the name of its folder. */
export function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[._-]+|-+$/g, "");
  // A package cannot depend on itself.
  return name === "" || name === "stemma" ? "features" : name;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/**
 * The files of a working project: an example of a root and two children with a pipeline, settings, a package, and the
 * configuration of git and GitHub.
 *
 * If the project has specs already, it gets no example; if it has settings, it keeps them.
 */
export function scaffoldFiles(options: ScaffoldOptions): ScaffoldFile[] {
  const { name, hasSpecs, hasSettings, installed, folder, importExtension, generated, versions } = options;
  const pipeline = pipelinePath(options);
  const hasExample = !hasSpecs;
  const configSchema = `${installed.startsWith("../") ? "" : "./"}${installed}/schemas/config.schema.json`;
  return [
    ...(hasExample ? exampleFiles(options) : []),
    ...(hasSettings ? [] : [file("stemma.config.json", { schema: configSchema, hasExample })]),
    file("package.json", { name, hasExample, pipeline, ...versions }),
    file("tsconfig.json", {
      // Imports without an extension are for bundlers.
      module: importExtension === "" ? "Preserve" : "NodeNext",
      importsTypeScript: importExtension === ".ts",
    }),
    attributesFile(generated),
    { ...file(".gitignore", {}, "gitignore"), isList: true },
    {
      // GitHub reads workflows only at the top of a repository.
      path: `${parentsOf(folder)}.github/workflows/${workflowName(folder)}.yml`,
      text: workflow({ command: "npx stemma", folder }),
    },
  ];
}

/**
 * The configuration of git for generated files.
 *
 * A merge of their lines would give versions that no spec has. The driver `binary`, which every git has, keeps one side
 * and makes the merge stop, so that they are generated again.
 */
export function attributesFile(generated: string): ScaffoldFile {
  return { ...file(".gitattributes", { folder: toPattern(generated) }, "gitattributes"), isList: true };
}

/** A root, two features derived from one field each, and a program that keeps all of them up to date. */
function exampleFiles(options: ScaffoldOptions): ScaffoldFile[] {
  const { schemas, generated, importExtension, installed } = options;
  const schema = `${parentsOf(schemas)}${installed}/schemas/feature.schema.json`;
  const specs = ["video", "transcript", "faces"].map((name) => {
    const spec = `${name}.feature.json`;
    return file(`${schemas}/${spec}`, { schema }, `schemas/${spec}`);
  });
  return [...specs, file(pipelinePath(options), { generated, importExtension }, "pipeline.ts")];
}

function file(path: string, facts: object, template: string = path): ScaffoldFile {
  return { path, text: renderTemplate(`scaffold/templates/${template}`, facts) };
}

/** What a workflow depends on. */
export interface WorkflowOptions {
  /** The command line that starts Stemma. */
  readonly command: string;
  /** The project's folder in its repository; empty at the top. */
  readonly folder: string;
}

/**
 * A GitHub workflow for pull requests: it checks the specs, comments on version changes, checks the generated files, and
 * fails on the changes that the settings name.
 *
 * Texts of a pull request pass through files, and never become part of a script.
 */
export function workflow({ command, folder }: WorkflowOptions): string {
  return renderTemplate("scaffold/templates/workflow.yml", {
    command,
    name: workflowName(folder),
    title: folder === "" ? "Stemma" : JSON.stringify(`Stemma (${folder})`),
    folder: folder === "" ? "" : JSON.stringify(folder),
  });
}

/** The name of a workflow's file, and the marker by which it finds its comment. */
function workflowName(folder: string): string {
  return ["stemma", ...folder.split(/[^A-Za-z0-9]+/)].filter((part) => part !== "").join("-");
}

/** The path from a folder to its origin: `../` for each of its steps. */
function parentsOf(folder: string): string {
  return folder === "" ? "" : "../".repeat(folder.split("/").length);
}

/** A pattern of git that matches a folder whose name has characters with a meaning in patterns. */
function toPattern(folder: string): string {
  return folder.replaceAll(/[\s"#!*[\]]/g, "?");
}

/**
 * The command that makes git name the feature above each part of a diff of `versions.json`, run once in a clone.
 *
 * Features are the only objects at an indentation of four spaces.
 */
export const diffDriverCommand = `git config diff.stemma.xfuncname '^ {4}"([^"]+)": [{]$'`;

/** The lines that a list lacks to have the effect of another one. */
export function missingLines(text: string, wanted: string): string[] {
  const existing = new Set(linesOf(text).map(canonicalLine));
  return linesOf(wanted).filter((line) => !existing.has(canonicalLine(line)));
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** A folder can be ignored in several spellings. */
function canonicalLine(line: string): string {
  return line.replace(/^\//, "").replace(/\/$/, "");
}

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
