import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { hasCode } from "./file-failure.ts";
import { done, type Outcome, stopped } from "./problem.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Larger files hold no text that we could use, and would only fill the memory. */
const largestFile = 64 * 1024 * 1024;

// Small files are read one after the other: handing each to another thread takes three times as long as reading it.

/** Reads a text by its path relative to the project. Only what the file system refuses is thrown. */
export function readText(root: string, file: string): Outcome<string> {
  const path = join(root, file);
  const { size } = statSync(path);
  if (size > largestFile) {
    const megabytes = Math.round(size / 1024 / 1024);
    return stopped({ message: `${file} has ${megabytes} MB, which is too large for a spec or a setting.` });
  }
  const bytes = readFileSync(path);
  try {
    return done(decoder.decode(bytes));
  } catch {
    return stopped({
      message: `${file} is not a text in UTF-8.`,
      hint: "Open it in an editor and save it with the encoding UTF-8.",
    });
  }
}

/** Whether a file holds exactly a text. What the file system refuses is thrown. */
export function holdsText(root: string, file: string, text: string): boolean {
  return readFileSync(join(root, file)).equals(Buffer.from(text));
}

/** As {@link readText}, but nothing where there is no such file. */
export function readTextIfThere(root: string, file: string): Outcome<string | undefined> {
  try {
    return readText(root, file);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EISDIR")) return done(undefined);
    throw error;
  }
}

/** The first characters of a file, enough to tell whether it was generated. */
export function readHead(root: string, file: string): string {
  const handle = openSync(join(root, file), "r");
  try {
    const head = Buffer.alloc(64);
    return head.toString("utf8", 0, readSync(handle, head, 0, head.length, 0));
  } finally {
    closeSync(handle);
  }
}
