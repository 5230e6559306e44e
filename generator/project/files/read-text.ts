import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { fail, ok, type Result } from "../../pipeline/result.ts";
import { hasCode } from "./guard-files.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** A larger file is no spec, and would fill the memory. */
const largestFile = 64 * 1024 * 1024;

// Synchronous reads: for small files, a thread pool takes three times as long as the reads themselves.

/** Reads a text by its path relative to the project. It throws only what the file system refuses. */
export function readText(root: string, file: string): Result<string> {
  const path = join(root, file);
  const { size } = statSync(path);
  if (size > largestFile) {
    const megabytes = Math.round(size / 1024 / 1024);
    return fail({
      code: "file-unreadable",
      message: `${file} has ${megabytes} MB, which is too large for a spec or a config.`,
    });
  }
  const bytes = readFileSync(path);
  try {
    return ok(decoder.decode(bytes));
  } catch {
    return fail({
      code: "file-unreadable",
      message: `${file} is not UTF-8 text.`,
      hint: "Open it in an editor and save it in the encoding UTF-8.",
    });
  }
}

/** Whether a file holds exactly a text. It throws what the file system refuses. */
export function holdsText(root: string, file: string, text: string): boolean {
  return readFileSync(join(root, file)).equals(Buffer.from(text));
}

/** Like {@link readText}, but undefined if the file does not exist. */
export function readTextIfThere(root: string, file: string): Result<string | undefined> {
  try {
    return readText(root, file);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EISDIR")) return ok(undefined);
    throw error;
  }
}

/** The first characters of a file, enough to find the marker of generated files. */
export function readHead(root: string, file: string): string {
  const handle = openSync(join(root, file), "r");
  try {
    const head = Buffer.alloc(64);
    return head.toString("utf8", 0, readSync(handle, head, 0, head.length, 0));
  } finally {
    closeSync(handle);
  }
}
