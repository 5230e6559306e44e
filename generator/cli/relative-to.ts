import { relative, sep } from "node:path";

/** How files of a project are named from a folder, as terminals and annotations open them. */
export function relativeTo(folder: string, root: string): (file: string) => string {
  const prefix = relative(folder, root).split(sep).join("/");
  return prefix === "" ? (file) => file : (file) => `${prefix}/${file}`;
}
