import { link, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { quoteLiteral } from "../../dialect/sql-text.ts";
import type { FileTarget } from "../../engine/engine.ts";
import { InputError, StoreError } from "../../errors.ts";
import type { ExportResult } from "../../files.ts";
import type { Session } from "../session.ts";

/** Refuses a target that can't be written, before any work is done. */
export async function checkTarget({ file, overwrite }: FileTarget): Promise<void> {
  const path = resolve(file);
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new InputError("file-not-found", `${file} can't be written: there is no folder ${dirname(path)}.`, {
      file,
    });
  }
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isFile())
    throw new InputError("file-exists", `${file} can't be written: it is a folder or a device.`, { file });
  if (!overwrite) throw alreadyExists(file);
}

/**
 * Writes the rows of a query to a file: into another file of the same folder first, which then takes the name. So
 * nobody ever sees a half file, and what the name meant before stays until then.
 */
export async function exportFile(session: Session, query: string, target: FileTarget): Promise<ExportResult> {
  const { file, overwrite } = target;
  await checkTarget(target);
  // A link stays one.
  const path = await realpath(file).catch(() => resolve(file));
  const part = join(dirname(path), `.stemma-${crypto.randomUUID()}.part`);
  try {
    const rows = await session.run(`COPY (${query}) TO ${quoteLiteral(part)} (${copyOptions(target)})`);
    await flush(part);
    if (overwrite) await rename(part, path);
    else await renameNew(part, path, file);
    return { rows, file: path };
  } catch (error) {
    throw explainWriting(error, file);
  } finally {
    await rm(part, { force: true }).catch(() => undefined);
  }
}

function copyOptions({ format, byLine, isCompressed }: FileTarget): string {
  const compression = isCompressed ? ", COMPRESSION gzip" : "";
  switch (format) {
    case "parquet":
      return "FORMAT parquet";
    case "csv":
      return `FORMAT csv, HEADER, DELIM ',', QUOTE '"', ESCAPE '"', NULLSTR ''${compression}`;
    case "json":
      return `FORMAT json, ARRAY ${!byLine}${compression}`;
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a file its name unless another one has it by now. */
async function renameNew(part: string, path: string, file: string): Promise<void> {
  try {
    await link(part, path);
  } catch (error) {
    const exists = errorCode(error) === "EEXIST" || (await stat(path).catch(() => undefined)) !== undefined;
    if (exists) throw alreadyExists(file);
    // A file system without links.
    await rename(part, path);
  }
}

function alreadyExists(file: string): InputError {
  return new InputError(
    "file-exists",
    `${file} exists. Choose another name, or pass { overwrite: true } to replace it.`,
    { file },
  );
}

function explainWriting(error: unknown, file: string): unknown {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : "";
  if (/No space left|ENOSPC|EDQUOT|quota|EFBIG|File too large/i.test(message)) {
    return new StoreError(
      "disk",
      `${file} can't be written: the disk is full. Nothing of it is left.`,
      { file },
      cause,
    );
  }
  if (/Permission denied|Read-only file system|disabled by configuration|EACCES|EPERM|EROFS/.test(message)) {
    return new InputError(
      "file-forbidden",
      `${file} can't be written: ${/disabled/.test(message) ? "the store was opened without access to files" : "the permission is missing"}.`,
      { file },
      cause,
    );
  }
  return error;
}

function errorCode(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
