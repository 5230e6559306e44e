import { mkdirSync, renameSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ok, type Result } from "../../pipeline/result.ts";
import { guardFiles, hasCode, onFile } from "../files/guard-files.ts";
import type { OutputState } from "./inspect-output.ts";
import { temporaryPath } from "./ownership.ts";

/**
 * Brings the output folder up to date: writes missing and outdated files, removes obsolete ones.
 *
 * It writes all texts to temporary files first, so that a full disk or a missing permission fails before any file has
 * changed. A reader sees each file either with the old or with the new text.
 */
export async function writeOutput(project: string, state: OutputState): Promise<Result<undefined>> {
  const root = resolve(project);
  const files = [...state.missing, ...state.outdated].map(({ path, text }) => ({
    path: join(root, path),
    temporary: temporaryPath(join(root, path)),
    text,
  }));
  const temporaries = new Set(files.map(({ temporary }) => temporary));
  const obsolete = state.obsolete.map((path) => join(root, path)).filter((path) => !temporaries.has(path));
  const folder = join(root, state.folder);
  return guardFiles(root, () => {
    try {
      for (const { path, temporary, text } of files) {
        mkdirSync(dirname(path), { recursive: true });
        onFile(path, () => writeFileSync(temporary, text));
      }
      // Before the new files: some systems take names that differ only in case for one file.
      for (const path of obsolete) unlinkSync(path);
      for (const { path, temporary } of files) renameSync(temporary, path);
    } catch (error) {
      // Best effort: the command reports the first failure, not one of the cleanup.
      for (const temporary of temporaries) attempt(() => rmSync(temporary, { force: true }));
      attempt(() => removeEmptyFolders([...temporaries], root));
      throw error;
    }
    removeEmptyFolders(obsolete, folder);
    return ok(undefined);
  });
}

/** Runs something whose failure is harmless. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // The next run removes what remains.
  }
}

/** Removes the folders of paths that are empty now, up to one that stays. */
function removeEmptyFolders(paths: readonly string[], stopAt: string): void {
  for (const path of paths) {
    for (let folder = dirname(path); folder !== stopAt; folder = dirname(folder)) {
      if (!removeIfEmpty(folder)) break;
    }
  }
}

function removeIfEmpty(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    // Some systems report a folder that is not empty as one that exists.
    if (hasCode(error, "ENOTEMPTY", "EEXIST", "EPERM", "EACCES")) return false;
    if (hasCode(error, "ENOENT")) return true;
    throw error;
  }
}
