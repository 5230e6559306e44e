import { mkdir, rename, rm, rmdir, unlink, writeFile } from "node:fs/promises";
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
  const files = [...state.missing, ...state.stale].map(({ path, text }) => ({
    path: join(root, path),
    beside: temporaryPath(join(root, path)),
    text,
  }));
  const besides = new Set(files.map(({ beside }) => beside));
  const leftOver = state.leftOver.map((path) => join(root, path)).filter((path) => !besides.has(path));
  const folder = join(root, state.folder);
  return guardFiles(root, async () => {
    try {
      for (const { path, beside, text } of files) {
        await mkdir(dirname(path), { recursive: true });
        await onFile(path, () => writeFile(beside, text));
      }
      // Before the new files: where names differ only in case, some systems take both for one file.
      for (const path of leftOver) await unlink(path);
      for (const { path, beside } of files) await rename(beside, path);
    } catch (error) {
      // As far as it can be done: what is told is the first failure, not one of the clearing up.
      await Promise.allSettled([...besides].map((beside) => rm(beside, { force: true })));
      await Promise.allSettled([removeEmptyFolders([...besides], root)]);
      throw error;
    }
    await removeEmptyFolders(leftOver, folder);
    return done(undefined);
  });
}

/** Removes the folders around paths that are empty now, up to one that stays. */
async function removeEmptyFolders(paths: readonly string[], stay: string): Promise<void> {
  for (const path of paths) {
    for (let folder = dirname(path); folder !== stay; folder = dirname(folder)) {
      if (!(await removeIfEmpty(folder))) break;
    }
  }
}

async function removeIfEmpty(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    // Some systems refuse a folder that is not empty by saying that it exists.
    if (hasCode(error, "ENOTEMPTY", "EEXIST", "EPERM", "EACCES")) return false;
    if (hasCode(error, "ENOENT")) return true;
    throw error;
  }
}
