export { computeVersions } from "./compute-versions.ts";
export type { FeatureVersions, PreviousVersions, ProjectVersions } from "./project-versions.ts";
