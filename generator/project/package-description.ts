import { createRequire } from "node:module";

/** What this package says of itself. */
export interface PackageDescription {
  readonly version: string;
  /** The packages that it is developed with. */
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Reads the `package.json` of this package. */
export function packageDescription(): PackageDescription {
  return createRequire(import.meta.url)("stemma/package.json");
}
