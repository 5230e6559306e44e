import type { PackageVersions } from "./scaffold-options.ts";

/** The `package.json` of a project that exists already. */
export interface ExistingPackage {
  readonly isModule: boolean;
  /** It holds the settings. */
  readonly hasSettings: boolean;
  /** The packages that it lacks. */
  readonly missing: PackageVersions;
}

/** Reads the JSON of a `package.json`. */
export function readExistingPackage(text: string, required: PackageVersions): ExistingPackage {
  const description = recordOf(JSON.parse(text));
  const existing = { ...recordOf(description["dependencies"]), ...recordOf(description["devDependencies"]) };
  const missingOf = (ranges: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(ranges).filter(([name]) => !Object.hasOwn(existing, name)));
  return {
    isModule: description["type"] === "module",
    hasSettings: Object.hasOwn(description, "stemma"),
    missing: {
      dependencies: missingOf(required.dependencies),
      devDependencies: missingOf(required.devDependencies),
    },
  };
}

/** A valid name of a package, as similar as possible to the name of its folder. */
export function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[._-]+|-+$/g, "");
  // A package cannot depend on itself.
  return name === "" || name === "stemma" ? "features" : name;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
