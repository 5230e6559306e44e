import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineFiles, FileSource, FileTarget } from "../../engine/engine.ts";
import { InputError, isStemmaError } from "../../errors.ts";
import type { ExportResult } from "../../files.ts";
import type { Session } from "../session.ts";
import { checkTarget, exportFile } from "./export-file.ts";
import { fileRows } from "./file-rows.ts";
import { findFiles } from "./find-files.ts";

/** Files as DuckDB reads and writes them. */
export class DuckFiles implements EngineFiles {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  find(paths: readonly string[]): Promise<string[]> {
    return findFiles(this.#session, paths);
  }

  rowsOf(source: FileSource): Promise<string> {
    return fileRows(source);
  }

  check(target: FileTarget): Promise<void> {
    return checkTarget(target);
  }

  write(query: string, target: FileTarget): Promise<ExportResult> {
    return exportFile(this.#session, query, target);
  }

  async withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), "stemma-"));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  explain(error: unknown, { files, format }: FileSource): unknown {
    if (!isStemmaError(error) || !(error.cause instanceof Error)) return error;
    const isOther = ["cancelled", "out-of-memory", "closed", "disk"].includes(error.code);
    if (isOther || error.code.startsWith("file-")) return error;
    const { cause } = error;
    const [file = ""] = files;
    const name =
      files.length === 1
        ? file
        : (files.find((one) => cause.message.includes(one)) ?? `${files.length} files`);
    if (/Permission denied|disabled by configuration/.test(cause.message)) {
      return new InputError(
        "file-forbidden",
        `${name} can't be read: ${/disabled/.test(cause.message) ? "the store was opened without access to files" : "the permission is missing"}.`,
        { file: name },
        cause,
      );
    }
    return new InputError(
      "file-unreadable",
      `${name} can't be read as ${formatNames[format]}: ${reasonOf(cause)}`,
      { file: name, format },
      cause,
    );
  }
}

const formatNames = { parquet: "Parquet", csv: "CSV", json: "JSON" } as const;

/** What DuckDB says before it lists its own options. */
function reasonOf(cause: Error): string {
  const [said = ""] = cause.message.split(/\n\s*\n|\nPossible |\nLINE /);
  const text = said
    .replace(/^[\w ]+ Error: (?:CSV Error on )?/, "")
    .replaceAll(/\s*\n\s*/g, "; ")
    .trim();
  const shortened = text.length > 300 ? `${text.slice(0, 300)}…` : text;
  return /[.…]$/.test(shortened) ? shortened : `${shortened}.`;
}
