import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "./file-failure.ts";
import { done, type Outcome, stopped } from "./problem.ts";

/** Larger files hold no text that we could use, and would only fill the memory. */
const largestFile = 64 * 1024 * 1024;

/** Reads a text by its path relative to the project. Only what the file system refuses is thrown. */
export async function readText(root: string, file: string): Promise<Outcome<string>> {
  const path = join(root, file);
  const { size } = await stat(path);
  if (size > largestFile) {
    const megabytes = Math.round(size / 1024 / 1024);
    return stopped({ message: `${file} has ${megabytes} MB, which is too large for a spec or a setting.` });
  }
  const bytes = await readFile(path);
  try {
    return done(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return stopped({
      message: `${file} is not a text in UTF-8.`,
      hint: "Open it in an editor and save it with the encoding UTF-8.",
    });
  }
}

/** As {@link readText}, but nothing where there is no such file. */
export async function readTextIfThere(root: string, file: string): Promise<Outcome<string | undefined>> {
  try {
    return await readText(root, file);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EISDIR")) return done(undefined);
    throw error;
  }
}

/** The first characters of a file, enough to tell whether it was generated. */
export async function readHead(root: string, file: string): Promise<string> {
  const handle = await open(join(root, file));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
