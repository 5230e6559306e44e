import { mkdirSync, renameSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { guardFiles, hasCode, onFile } from "./file-failure.ts";
import type { OutputState } from "./inspect-output.ts";
import { temporaryPath } from "./ownership.ts";
import { done, type Outcome } from "./problem.ts";

/**
 * Brings the output folder up to date: writes what is missing or stale, removes what is left over.
 *
 * All texts are written beside their places first, so that a full disk or a missing permission stops the command
 * before any file has changed. A reader sees each file either as it was or as it will be.
 */
export async function writeOutput(project: string, state: OutputState): Promise<Outcome<undefined>> {
  const root = resolve(project);
  const files = [...state.missing, ...state.outdated].map(({ path, text }) => ({
    path: join(root, path),
    beside: temporaryPath(join(root, path)),
    text,
  }));
  const besides = new Set(files.map(({ beside }) => beside));
  const obsolete = state.obsolete.map((path) => join(root, path)).filter((path) => !besides.has(path));
  const folder = join(root, state.folder);
  return guardFiles(root, () => {
    try {
      for (const { path, beside, text } of files) {
        mkdirSync(dirname(path), { recursive: true });
        onFile(path, () => writeFileSync(beside, text));
      }
      // Before the new files: where names differ only in case, some systems take both for one file.
      for (const path of obsolete) unlinkSync(path);
      for (const { path, beside } of files) renameSync(beside, path);
    } catch (error) {
      // As far as it can be done: what is told is the first failure, not one of the clearing up.
      for (const beside of besides) attempt(() => rmSync(beside, { force: true }));
      attempt(() => removeEmptyFolders([...besides], root));
      throw error;
    }
    removeEmptyFolders(obsolete, folder);
    return done(undefined);
  });
}

/** Does something that may fail without harm. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // What is left over is removed by the next run.
  }
}

/** Removes the folders around paths that are empty now, up to one that stays. */
function removeEmptyFolders(paths: readonly string[], stay: string): void {
  for (const path of paths) {
    for (let folder = dirname(path); folder !== stay; folder = dirname(folder)) {
      if (!removeIfEmpty(folder)) break;
    }
  }
}

function removeIfEmpty(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    // Some systems refuse a folder that is not empty by saying that it exists.
    if (hasCode(error, "ENOTEMPTY", "EEXIST", "EPERM", "EACCES")) return false;
    if (hasCode(error, "ENOENT")) return true;
    throw error;
  }
}
