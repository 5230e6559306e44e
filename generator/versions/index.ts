export { computeVersions } from "./compute-versions.ts";
export type { FeatureVersions, ProjectVersions } from "./project-versions.ts";
