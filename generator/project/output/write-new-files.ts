import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { GeneratedFile } from "../../compile-project.ts";
import { guardFiles, hasCode, onFile } from "./file-failure.ts";
import { done, type Outcome } from "./problem.ts";

/** What became of files that were to be written where nothing is. */
export interface NewFiles<File> {
  readonly written: readonly File[];
  /** Something is there already, and stays as it is. */
  readonly kept: readonly File[];
}

/** Writes files, with the folders around them, and leaves alone whatever is there, a link that leads nowhere too. */
export async function writeNewFiles<File extends GeneratedFile>(
  root: string,
  files: readonly File[],
): Promise<Outcome<NewFiles<File>>> {
  const made = await guardFiles(dirname(root), () => done(mkdirSync(root, { recursive: true })));
  if (made.kind === "problems") return made;
  return guardFiles(root, () => {
    const written: File[] = [];
    const kept: File[] = [];
    for (const file of files) {
      const path = join(root, file.path);
      mkdirSync(dirname(path), { recursive: true });
      (writeIfNew(path, file.text) ? written : kept).push(file);
    }
    return done({ written, kept });
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
