export { type ExistingPackage, packageName, readExistingPackage } from "./existing-package.ts";
export { diffDriverCommand, missingLines } from "./git-files.ts";
export { scaffoldFiles } from "./scaffold-files.ts";
export {
  type PackageVersions,
  pipelinePath,
  type ScaffoldFile,
  type ScaffoldOptions,
} from "./scaffold-options.ts";
