import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Path of the Chromium or Chrome of the system: the one that `CHROME_PATH` names, else one on the PATH. */
export function findBrowser(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const named = process.env["CHROME_PATH"];
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...(named === undefined ? [] : [named]), ...onPath].find(isExecutable);
}

const names = ["chromium", "chromium-browser", "google-chrome"];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
