import type { InitOptions } from "./init-options.ts";
import type { InitialFile } from "./initial-file.ts";

/**
 * The command that has git name the feature over each part of a diff of `versions.json`, once in a clone.
 *
 * Features are the only objects that stand four spaces deep.
 */
export const diffDriverCommand = `git config diff.stemma.xfuncname '^ {4}"([^"]+)": [{]$'`;

/**
 * What git and GitHub are to do with generated files.
 *
 * Merging their lines gives versions that no spec has. The driver `binary`, which every git has, keeps one side whole
 * and has the merge stop, so that they are generated anew.
 */
export function attributesFile({ generated }: Pick<InitOptions, "generated">): InitialFile {
  const folder = anyCharacterForOdd(generated);
  const lines = [
    `${folder}/** linguist-generated=true merge=binary`,
    `${folder}/versions.json linguist-generated=false diff=stemma`,
    `${folder}/version-diff.md linguist-generated=false`,
  ];
  return listFile(".gitattributes", lines);
}

/** What is not to be committed. */
export const ignoreFile: InitialFile = listFile(".gitignore", ["node_modules/", "*.duckdb", "*.duckdb.wal"]);

/** The lines that a list lacks to do what another one does. */
export function missingLines(text: string, wanted: string): string[] {
  const there = new Set(linesOf(text).map(meaningOf));
  return linesOf(wanted).filter((line) => !there.has(meaningOf(line)));
}

/** A pattern that fits a folder whose name has signs that patterns take for something else. */
function anyCharacterForOdd(folder: string): string {
  return folder.replaceAll(/[\s"#!*[\]]/g, "?");
}

function listFile(path: string, lines: readonly string[]): InitialFile {
  return { path, text: lines.map((line) => `${line}\n`).join(""), isList: true };
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Folders are ignored under several spellings. */
function meaningOf(line: string): string {
  return line.replace(/^\//, "").replace(/\/$/, "");
}
