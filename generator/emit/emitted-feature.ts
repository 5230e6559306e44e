import type { Feature, FeatureTypes } from "../../runtime/contract.ts";
import type { FeatureModel } from "../resolve/project-model.ts";

/** A feature of which a module is to be made. */
export interface EmittedFeature {
  readonly model: FeatureModel;
  /** What the module exports. */
  readonly value: Feature<FeatureTypes>;
}
