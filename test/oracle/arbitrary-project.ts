import fc from "fast-check";
import { filterRecipe } from "./arbitrary-filter.ts";
import { arbitraryOptional } from "./arbitrary-optional.ts";
import { buildSpecs } from "./build-specs.ts";
import type { DepRecipe, FeatureRecipe } from "./project-recipe.ts";
import type { SpecDocument } from "./spec-document.ts";

/** A valid project. */
export interface Project {
  readonly hashLength: number;
  /** Upstream before downstream; the first is a root, the second is not. */
  readonly specs: readonly SpecDocument[];
}

const depRecipe: fc.Arbitrary<DepRecipe> = fc.record({
  upstream: fc.nat(20),
  optional: fc.constantFrom(false, false, true),
  aggregates: fc.boolean(),
  select: fc.constantFrom("all", "all", "none", "some"),
  rename: fc.constantFrom("nothing", "nothing", "a column", "swap", "an id"),
  where: arbitraryOptional(filterRecipe),
  mapping: fc.constantFrom("absent", "absent", "absent", "suffix", "exclude", "specific", "all", "none"),
});

const fieldKeys = ["audio", "frames", "meta/audio", "a0", "a-b", "default"];

const featureRecipe: fc.Arbitrary<FeatureRecipe> = fc.record({
  kind: fc.constantFrom(
    "identity",
    "root",
    "expansion",
    "aggregation",
    "extended",
    "expansion",
    "rekeyed",
    "identity",
  ),
  dep: depRecipe,
  others: fc.array(depRecipe, { maxLength: 2 }),
  ids: fc.nat(15),
  shared: fc.nat(15),
  nullable: fc.nat(15),
  fields: fc.uniqueArray(
    fc.record({
      key: fc.constantFrom(...fieldKeys),
      codeVersion: fc.constantFrom(undefined, undefined, "1", "", "é|1"),
      parents: fc.constantFrom("mapped", "mapped", "all", "explicit"),
      choice: fc.nat(9),
    }),
    { minLength: 1, maxLength: 3, selector: (field) => field.key },
  ),
});

/** Random valid projects of two to six features. */
export const arbitraryProject: fc.Arbitrary<Project> = fc
  .record({
    hashLength: fc.constantFrom(8, 16, 64),
    features: fc.array(featureRecipe, { minLength: 2, maxLength: 6 }),
  })
  .map(({ hashLength, features }) => ({ hashLength, specs: buildSpecs(features) }));
