import { access, constants, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { quoteLiteral } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { Session } from "../session.ts";

/** Two letters at least: one is a drive of Windows. */
const scheme = /^[a-z][a-z0-9+.-]+:\/\//i;

/** Finds the files that paths and patterns name. A file of just that name comes before a pattern. */
export async function findFiles(session: Session, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) found.push(...(await findPath(session, path)));
  return found;
}

async function findPath(session: Session, path: string): Promise<string[]> {
  if (scheme.test(path)) {
    throw new InputError(
      "file-not-found",
      `${path} is a URL, and rows come from files of this machine. Fetch it, or read it with a query: { sql: "FROM '…'" }.`,
      { file: path },
    );
  }
  const file = resolve(path);
  const facts = await stat(file).catch(() => undefined);
  if (facts !== undefined) {
    await assertReadable(path, file, facts);
    return [file];
  }
  if (!isPattern(path)) throw notFound(path, "There is no file of that name");
  const listed = await session.exclusive(() =>
    session.rows(`SELECT file FROM glob(${quoteLiteral(file)}) ORDER BY file COLLATE "binary"`),
  );
  if (listed.length === 0) throw notFound(path, "No file matches the pattern");
  return listed.map((row) => String(row["file"]));
}

async function assertReadable(
  path: string,
  file: string,
  facts: { isDirectory(): boolean; isFile(): boolean },
): Promise<void> {
  if (facts.isDirectory())
    throw notFound(path, "It is a folder: name the files in it, as in folder/*.parquet");
  // It would be read twice.
  if (!facts.isFile()) throw notFound(path, "It is a pipe or a device. Write it to a file first");
  const isReadable = await access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (isReadable) return;
  throw new InputError("file-forbidden", `${path} can't be read: the permission is missing.`, { file: path });
}

function notFound(path: string, reason: string): InputError {
  return new InputError("file-not-found", `${path} can't be read. ${reason}.`, { file: path });
}

function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/** SQL of a list of files; each is that file, whatever characters its name has. */
export function fileList(files: readonly string[]): string {
  const literal = (file: string) => quoteLiteral(file.replaceAll(/[*?[]/g, "[$&]"));
  return `[${files.map(literal).join(", ")}]`;
}
