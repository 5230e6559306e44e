import type { EngineName } from "../../runtime/contract.ts";

/** What a compile depends on, apart from the sources. Folders are relative to the project, with `/`. */
export interface CompileOptions {
  /** Name of the project, recorded in the manifest and with stored rows. */
  readonly project: string;
  /** How many characters of each hash are kept; 64 is all of them. */
  readonly hashLength: number;
  /** The engines for which modules hold SQL. Default: `["duckdb"]`. */
  readonly engines?: readonly EngineName[];
  /** Folder of the specs. */
  readonly schemas: string;
  /** Folder of the generated modules. */
  readonly generated: string;
  /** How generated modules import each other. */
  readonly importExtension: ".js" | ".ts" | "";
}

/** A file to be written, with its path relative to the project. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}
