import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../../source/compare-text.ts";
import { hasCode } from "./guard-files.ts";

/** The files and folders in a folder, at any depth, with paths relative to the project. */
export interface WalkedFolder {
  /** Ordered. */
  readonly files: readonly string[];
  /** The folder itself, and its subfolders. */
  readonly folders: readonly string[];
}

/** Walks a folder. It follows symbolic links, and enters each folder once. */
export function walkFolder(root: string, folder: string, excluded: string): WalkedFolder {
  const files: string[] = [];
  const walked: string[] = [];
  const entered = new Set<string>();
  const folders = [folder];
  // The list grows while it is walked.
  for (const current of folders) {
    const real = realpathSync(join(root, current));
    if (current === excluded || entered.has(real)) continue;
    entered.add(real);
    walked.push(current);
    const entries = readdirSync(join(root, current), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
      const child = `${current}/${entry.name}`;
      const isFolder = entry.isSymbolicLink() ? kindOf(join(root, child)) === "folder" : entry.isDirectory();
      (isFolder ? folders : files).push(child);
    }
  }
  return { files: files.sort(compareText), folders: walked };
}

/** What is at a path. It follows links; a broken one counts as missing. */
export function kindOf(path: string): "folder" | "file" | "missing" {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return "missing";
    throw error;
  }
}
