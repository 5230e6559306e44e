import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs work with a folder for what does not fit into memory, which is removed afterwards.
 *
 * DuckDB's own choice is a folder beside the database, and nothing may appear there.
 */
export async function withSpillFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "stemma-rows-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
