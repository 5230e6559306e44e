import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { JsonDocument } from "./json-document.ts";
import { readJsonDocument } from "./read-json-document.ts";
import { referencedFiles } from "./referenced-files.ts";
import type { Sources } from "./source-file.ts";

export { referencedFiles } from "./referenced-files.ts";
export type { Sources } from "./source-file.ts";

/** The texts of a project as JSON. */
export interface ReadSources {
  /** Specs and the files that they refer to, by path. */
  readonly documents: ReadonlyMap<string, JsonDocument>;
  /** Texts that are not JSON, by path. */
  readonly unreadable: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Whether a file is a spec; any other file is only read where a `$ref` names it. */
export function isSpecFile(file: string): boolean {
  return file.endsWith(".feature.json");
}

/** Reads all specs except those in `parsed`, and the files that their `$ref`s point to. */
export function readSources(sources: Sources, parsed: ReadonlyMap<string, unknown> = new Map()): ReadSources {
  const documents = new Map<string, JsonDocument>();
  const unreadable = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const specs = Object.keys(sources).filter((file) => isSpecFile(file) && !parsed.has(file));
  const queue = new Set(specs.sort());
  // A Set also iterates over what the loop adds.
  for (const file of queue) {
    const text = Object.hasOwn(sources, file) ? sources[file] : undefined;
    if (text === undefined) continue;
    const read = readJsonDocument(file, text);
    for (const diagnostic of read.diagnostics) diagnostics.push(diagnostic);
    if (read.document === undefined) {
      unreadable.set(file, text);
    } else {
      documents.set(file, read.document);
      for (const target of referencedFiles(read.document)) queue.add(target);
    }
  }
  return { documents, unreadable, diagnostics };
}
