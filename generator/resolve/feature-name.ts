import { tableOf } from "../../runtime/columns/table-name.ts";
import type { ParsedSpec } from "../parse/parsed-spec.ts";

/** Names that a feature goes by outside its spec. */
export interface FeatureNames {
  /** Name of its table. */
  readonly table: string;
  /** Name of its export. */
  readonly name: string;
  /** Path of its module below the output folder, without extension. */
  readonly module: string;
}

/** The names of a feature; `schemasFolder` is the folder that the tree of modules mirrors. */
export function namesOf(spec: ParsedSpec, schemasFolder: string): FeatureNames {
  return {
    table: tableOf(spec.key),
    name: pascalCase(spec.title ?? spec.key),
    module: modulePath(spec.document.file, schemasFolder),
  };
}

/** Struct member under which the version of a field is stored: key parts joined by `_`. */
export function memberOf(fieldKey: string): string {
  return fieldKey.replaceAll("/", "_");
}

/** What a module exports for a feature: its value, and its types. */
export function exportsOf(name: string): readonly string[] {
  return [name, `${name}Row`, `${name}Input`, `${name}Types`];
}

/** Whether a name can be exported: an identifier, which begins with a letter. */
export function isExportName(name: string): boolean {
  return /^\p{ID_Start}\p{ID_Continue}*$/u.test(name);
}

/** Words are runs of letters and digits; the rest of a word keeps its case, so that `VideoChunk` stays. */
function pascalCase(text: string): string {
  const words = text.normalize("NFC").match(/[\p{L}\p{M}\p{Nd}]+/gu) ?? [];
  return words.map(capitalised).join("");
}

function capitalised(word: string): string {
  const [first = ""] = word;
  return first.toUpperCase() + word.slice(first.length);
}

function modulePath(file: string, schemasFolder: string): string {
  const folder = `${schemasFolder}/`;
  const path = file.startsWith(folder) ? file.slice(folder.length) : file;
  return path.replace(/\.feature\.json$/, "");
}
