export { type ExistingPackage, packageName, readExistingPackage } from "./existing-package.ts";
export { diffDriverCommand, missingLines, scaffoldFiles } from "./scaffold-files.ts";
export {
  type PackageVersions,
  pipelinePath,
  type ScaffoldFile,
  type ScaffoldOptions,
} from "./scaffold-options.ts";
