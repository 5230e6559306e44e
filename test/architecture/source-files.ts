import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of the repository. */
export const repository: string = fileURLToPath(new URL("../../", import.meta.url));

/** TypeScript files below folders of the repository, as paths relative to it. */
export function sourceFiles(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(`${repository}${folder}`, { recursive: true, encoding: "utf8" })
      .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
      .filter((path) => path.endsWith(".ts"))
      .sort(),
  );
}

/** Text of a file, by its path in the repository. */
export function textOf(path: string): string {
  return readFileSync(`${repository}${path}`, "utf8");
}
