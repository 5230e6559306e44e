import type { PackageVersions } from "./init-options.ts";

/** What counts of a `package.json` that is there already. */
export interface ExistingPackage {
  readonly isModule: boolean;
  /** It holds settings. */
  readonly hasSettings: boolean;
  /** The packages that it lacks. */
  readonly lacking: PackageVersions;
}

/** Reads the JSON of a `package.json`. */
export function readExistingPackage(text: string, wanted: PackageVersions): ExistingPackage {
  const description = recordOf(JSON.parse(text));
  const there = { ...recordOf(description["dependencies"]), ...recordOf(description["devDependencies"]) };
  const lackingOf = (ranges: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(ranges).filter(([name]) => !Object.hasOwn(there, name)));
  return {
    isModule: description["type"] === "module",
    hasSettings: Object.hasOwn(description, "stemma"),
    lacking: {
      dependencies: lackingOf(wanted.dependencies),
      devDependencies: lackingOf(wanted.devDependencies),
    },
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
