import type { FeatureModel, FieldModel } from "../resolve/project-model.ts";

/** Versions of every definition of a project (behaviour: "Versions of definitions"). */
export interface ProjectVersions {
  readonly projectVersion: string;
  readonly features: ReadonlyMap<FeatureModel, FeatureVersions>;
}

/** Versions of one feature's definition, lower-case hex. */
export interface FeatureVersions {
  readonly featureVersion: string;
  readonly codeVersion: string;
  readonly definitionVersion: string;
  readonly fields: ReadonlyMap<FieldModel, string>;
}
