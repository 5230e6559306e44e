import { cp, mkdir, symlink } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./run-command.ts";

/** Folder of the repository. */
export const repository: string = fileURLToPath(new URL("../../", import.meta.url));

/** A package as it would be published. */
export interface PackedPackage {
  /** Path of the tarball. */
  readonly tarball: string;
  /** Paths of the files in it. */
  readonly files: readonly string[];
}

/** Builds and packs a copy of the repository, so that its own `dist` stays as it is. */
export async function packRepository(folder: string): Promise<PackedPackage> {
  const copy = join(folder, "repository");
  await mkdir(copy, { recursive: true });
  await cp(repository, copy, { recursive: true, filter: (path) => !isLeftOut(relative(repository, path)) });
  await symlink(join(repository, "node_modules"), join(copy, "node_modules"), "junction");
  const printed = await runCommand("npm", ["pack", "--json", "--pack-destination", folder], { cwd: copy });
  const [packed] = JSON.parse(printed.slice(printed.indexOf("[\n"))) as [NpmPacked];
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}

/** What `npm pack --json` prints of a package. */
interface NpmPacked {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

function isLeftOut(path: string): boolean {
  return ["node_modules", ".git"].includes(path.split(sep)[0] ?? "");
}
