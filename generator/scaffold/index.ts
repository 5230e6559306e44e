export { type ExistingPackage, readExistingPackage } from "./existing-package.ts";
export type { InitOptions, PackageVersions } from "./init-options.ts";
export type { InitialFile } from "./initial-file.ts";
export { initialFiles } from "./initial-files.ts";
export { nextSteps } from "./next-steps.ts";
export { packageName } from "./package-name.ts";
