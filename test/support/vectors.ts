import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of the recorded numbers. */
export const vectorsFolder: string = fileURLToPath(new URL("../vectors/", import.meta.url));

/** The parsed files of a folder of vectors, by name without extension. */
export function readVectors<Content>(folder: string): Record<string, Content> {
  const files = readdirSync(`${vectorsFolder}${folder}`).filter((file) => file.endsWith(".json"));
  return Object.fromEntries(
    files.map((file) => [
      file.replace(/\.json$/, ""),
      JSON.parse(readFileSync(`${vectorsFolder}${folder}/${file}`, "utf8")) as Content,
    ]),
  );
}

/** `definitions/*.json`. */
export interface DefinitionVectors {
  readonly cases: readonly {
    readonly name: string;
    readonly specs: readonly object[];
    readonly versions: Readonly<Record<string, Readonly<Record<string, RecordedVersions>>>>;
  }[];
}

/** Versions of one feature as they were recorded. */
export interface RecordedVersions {
  readonly featureVersion: string;
  readonly codeVersion: string;
  readonly fields: Readonly<
    Record<string, { readonly version: string; readonly parents: readonly string[] }>
  >;
}

/** A row as it was recorded. */
export type RecordedRow = Readonly<Record<string, unknown>>;

/** `increments/*.json`. */
export interface IncrementVectors {
  readonly cases: readonly IncrementCase[];
}

/** One recorded resolve. */
export interface IncrementCase {
  readonly name: string;
  readonly about: string;
  readonly hash: "md5";
  readonly hashLength: number;
  readonly specs: readonly object[];
  readonly tables: Readonly<Record<string, RecordedTable>>;
  readonly resolve: RecordedResolve;
  readonly expect?: RecordedSets;
  readonly expectError?: { readonly kind: string };
}

/** A physical table before the call. */
export interface RecordedTable {
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly RecordedRow[];
}

/** The call. */
export interface RecordedResolve {
  readonly feature: string;
  readonly samples?: readonly RecordedRow[];
  readonly [option: string]: unknown;
}

/** What it gave. */
export interface RecordedSets {
  readonly new: readonly RecordedRow[];
  readonly stale: readonly RecordedRow[];
  readonly orphaned: readonly RecordedRow[];
}
