import { stat } from "node:fs/promises";
import { resolve } from "node:path";

/** A file or folder that was named. */
export interface FoundPath {
  /** Absolute. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** Looks for a file or folder by its name, from each of some folders. */
export async function findPath(name: string, from: readonly string[]): Promise<FoundPath | undefined> {
  for (const folder of from) {
    const path = resolve(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) return { path, isFolder: found.isDirectory() };
  }
  return undefined;
}

/** Whether a name can stand for nothing but a path. No ref of git begins so. */
export function isWrittenAsPath(name: string): boolean {
  return /^(?:\.\.?$|\.{0,2}[/\\]|[a-z]:[/\\])/i.test(name);
}
