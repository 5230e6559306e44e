export { computeVersions } from "./compute-versions.ts";
export type {
  CompiledModel,
  FeatureVersions,
  PreviousVersions,
  ProjectVersions,
} from "./project-versions.ts";
