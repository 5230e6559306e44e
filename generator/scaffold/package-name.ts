/** A name for a package that npm takes, as near as can be to that of its folder. */
export function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[._-]+|-+$/g, "");
  // A package does not depend on itself.
  return name === "" || name === "stemma" ? "features" : name;
}
