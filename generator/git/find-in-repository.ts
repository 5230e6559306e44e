import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { kindOf } from "../project/files/walk-folder.ts";
import { findRepository, linesOf, type ProcessContext } from "./repository.ts";

/**
 * Finds the path of a folder, which need not exist, in its git repository, with `/`. Empty at the top of the repository,
 * and without one.
 */
export async function findInRepository(root: string, context: ProcessContext): Promise<string> {
  const steps: string[] = [];
  let existing = root;
  while (kindOf(existing) !== "folder" && existing !== dirname(existing)) {
    steps.unshift(basename(existing));
    existing = dirname(existing);
  }
  const found = await findRepository(await realpath(existing), context);
  if (!found.ok) return "";
  const [prefix = ""] = linesOf(await found.value.git(["rev-parse", "--show-prefix"]));
  return [...prefix.split("/"), ...steps].filter((step) => step !== "").join("/");
}

/**
 * Finds the installed package from a folder of a repository: in it, or in a parent, as in a workspace. Without one, it
 * returns where it will be installed.
 */
export function findInstalled(root: string, folder: string): string {
  const parents = folder === "" ? [] : folder.split("/").map((_, index) => "../".repeat(index + 1));
  const found = ["", ...parents].find((prefix) => kindOf(join(root, prefix, installed)) !== "missing");
  return (found ?? "") + installed;
}

const installed = "node_modules/stemma";
