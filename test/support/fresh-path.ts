import { copyFile, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A path for a new database file in a folder of its own. */
export async function freshPath(name = "store.duckdb"): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "stemma-")), name);
}

/** A copy of a file, in a folder of its own. */
export async function freshCopy(file: string): Promise<string> {
  const path = await freshPath();
  await copyFile(file, path);
  return path;
}
