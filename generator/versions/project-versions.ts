import type { FeatureModel, FieldModel } from "../resolve/project-model.ts";

/** Versions of every definition of a project (behaviour: "Versions of definitions"). */
export interface ProjectVersions {
  readonly projectVersion: string;
  readonly features: ReadonlyMap<FeatureModel, FeatureVersions>;
  /** The features whose version another one was before `renamedFrom` anywhere at or above them. */
  readonly previous: ReadonlyMap<FeatureModel, PreviousVersions>;
}

/** What a feature was before everything that is renamed at or above it got its new name. */
export interface PreviousVersions {
  readonly key: string;
  readonly featureVersion: string;
  /** The key that each field had. */
  readonly fieldKeys: ReadonlyMap<FieldModel, string>;
  /** Versions that a root had if its names changed one after the other: what lies between this one and today's. */
  readonly between: readonly string[];
}

/** Versions of one feature's definition, lower-case hex. */
export interface FeatureVersions {
  readonly featureVersion: string;
  readonly codeVersion: string;
  readonly definitionVersion: string;
  readonly fields: ReadonlyMap<FieldModel, string>;
}
