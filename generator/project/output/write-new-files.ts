import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { GeneratedFile } from "../../compile-project.ts";
import { ok, type Result } from "../../pipeline/result.ts";
import { guardFiles, hasCode, onFile } from "../files/guard-files.ts";

/** What happened to files that may not overwrite anything. */
export interface NewFiles<File> {
  readonly written: readonly File[];
  /** Their path exists already, and stays as it is. */
  readonly kept: readonly File[];
}

/** Writes files and their folders. It leaves every existing path alone, a broken link too. */
export async function writeNewFiles<File extends GeneratedFile>(
  root: string,
  files: readonly File[],
): Promise<Result<NewFiles<File>>> {
  const made = await guardFiles(dirname(root), () => ok(mkdirSync(root, { recursive: true })));
  if (!made.ok) return made;
  return guardFiles(root, () => {
    const written: File[] = [];
    const kept: File[] = [];
    for (const file of files) {
      const path = join(root, file.path);
      mkdirSync(dirname(path), { recursive: true });
      (writeIfNew(path, file.text) ? written : kept).push(file);
    }
    return ok({ written, kept });
  });
}

function writeIfNew(path: string, text: string): boolean {
  try {
    onFile(path, () => writeFileSync(path, text, { flag: "wx" }));
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}
