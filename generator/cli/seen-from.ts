import { relative, sep } from "node:path";

/** How files of a project are named from a folder, as terminals and annotations open them. */
export function wayFrom(folder: string, root: string): (file: string) => string {
  const way = relative(folder, root).split(sep).join("/");
  return way === "" ? (file) => file : (file) => `${way}/${file}`;
}
