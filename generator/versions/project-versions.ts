import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { FeatureModel, FieldModel, ProjectModel } from "../resolve/project-model.ts";

/** Versions of every definition of a project (docs/semantics.md, "Versions of definitions"). */
export interface ProjectVersions {
  readonly projectVersion: string;
  readonly features: ReadonlyMap<FeatureModel, FeatureVersions>;
  /** Features that had another version before the renames of their own spec and of those upstream. */
  readonly previous: ReadonlyMap<FeatureModel, PreviousVersions>;
}

/** A feature under its old names, in its own spec and in those upstream. */
export interface PreviousVersions {
  readonly key: string;
  readonly featureVersion: string;
  /** The key that each field had. */
  readonly fieldKeys: ReadonlyMap<FieldModel, string>;
  /** Versions of a root with some old and some new names: it had them if its names changed one after the other. */
  readonly between: readonly string[];
}

/** Versions of one feature's definition, lower-case hex. */
export interface FeatureVersions {
  readonly featureVersion: string;
  readonly codeVersion: string;
  readonly definitionVersion: string;
  readonly fields: ReadonlyMap<FieldModel, string>;
}

/** A project compiled as far as its versions. With errors it has no model and no versions. */
export interface CompiledModel {
  readonly project: ProjectModel | undefined;
  readonly versions: ProjectVersions | undefined;
  readonly diagnostics: readonly Diagnostic[];
}
