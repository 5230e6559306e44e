export { buildManifest, type ManifestOptions } from "./build-manifest.ts";
export {
  type Manifest,
  type ManifestColumn,
  type ManifestColumnDetails,
  type ManifestDep,
  type ManifestFeature,
  type ManifestField,
  type ManifestFieldDep,
  manifestVersion,
} from "./manifest.ts";
export { type ManifestError, parseManifest } from "./parse-manifest.ts";
export { printManifest } from "./print-manifest.ts";
