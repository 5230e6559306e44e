import type { CompileOptions } from "../../compile-project.ts";

/** Settings of a project, defaults filled in. */
export interface ProjectConfig extends CompileOptions {
  /** By name. */
  readonly stores: Readonly<Record<string, StoreSettings>>;
  /** Name of one of the stores. */
  readonly defaultStore?: string;
  readonly diff: DiffSettings;
}

/** A DuckDB database. */
export interface StoreSettings {
  /** Path relative to the project's folder, with environment variables as `${NAME}` or `${NAME:-default}`. */
  readonly database: string;
  /** The hash function of its samples, for a database that does not record it. */
  readonly hash?: "md5" | "sha256" | "xxhash64" | "xxhash32";
}

/** The base of a version diff, and the changes that make it fail. */
export interface DiffSettings {
  /** A git ref, a folder or a manifest; by default the merge base with the default branch. */
  readonly against?: string;
  /** Rule ids and severities. */
  readonly failOn: readonly string[];
  /** File of acknowledged changes, relative to the project's folder. */
  readonly acknowledgements: string;
}

/** The defaults. The name does not come from the folder, because output must not depend on it. */
export const defaultConfig: ProjectConfig = {
  project: "stemma-project",
  schemas: "schemas",
  generated: "generated",
  hashLength: 64,
  importExtension: ".js",
  engines: ["duckdb"],
  stores: {},
  diff: { failOn: [], acknowledgements: "stemma.acknowledged.json" },
};

/** The config file; `package.json` may hold the settings instead. */
export const configFileName = "stemma.config.json";
