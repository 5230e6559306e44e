import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CliIo } from "../cli/cli-io.ts";
import { pathExists } from "../cli/path-exists.ts";
import { findRepository, linesOf } from "./repository.ts";

/**
 * Finds where a folder, which need not be there yet, lies in its git repository: the way down from the top of it, with
 * `/`. Empty at the top, and where there is no repository.
 */
export async function findInRepository(root: string, io: CliIo): Promise<string> {
  const steps: string[] = [];
  let existing = root;
  while (!(await isFolder(existing)) && existing !== dirname(existing)) {
    steps.unshift(basename(existing));
    existing = dirname(existing);
  }
  const found = await findRepository(await realpath(existing), io);
  if (found.kind !== "repository") return "";
  const [prefix = ""] = linesOf(await found.repository.git(["rev-parse", "--show-prefix"]));
  return [...prefix.split("/"), ...steps].filter((step) => step !== "").join("/");
}

/**
 * Finds the installed package from a folder of a repository: in it, or in one above, as workspaces have it. Else names
 * the place in which it will be installed.
 */
export async function findInstalled(root: string, folder: string): Promise<string> {
  const parents = folder === "" ? [] : folder.split("/").map((_, index) => "../".repeat(index + 1));
  for (const prefix of ["", ...parents]) {
    if (await pathExists(join(root, prefix, installed))) return prefix + installed;
  }
  return installed;
}

const installed = "node_modules/stemma";

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
