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
  /** How samples are hashed, for a database that records it not. */
  readonly hash?: "md5" | "sha256" | "xxhash64" | "xxhash32";
}

/** What a version diff compares with, and what makes it fail. */
export interface DiffSettings {
  /** A git ref, a folder or a manifest; by default the merge base with the default branch. */
  readonly against?: string;
  /** Ids of rules, and severities. */
  readonly failOn: readonly string[];
  /** File with the changes that somebody signed, relative to the project's folder. */
  readonly acknowledgements: string;
}

/** What holds where a project says nothing. The name never comes from a folder: output would depend on it. */
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

/** The file in which settings may stand, if not in `package.json`. */
export const configFileName = "stemma.config.json";
