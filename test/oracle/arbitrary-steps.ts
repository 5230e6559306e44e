import fc from "fast-check";
import { type FilterRecipe, filterRecipe } from "./arbitrary-filter.ts";
import { arbitraryOptional } from "./arbitrary-optional.ts";
import type { RowChange } from "./model-store.ts";

/** Something that happens to a project or its store. Numbers choose among what is there at the time. */
export type Step =
  | SamplesStep
  | RunStep
  | InspectStep
  | {
      readonly do: "change rows";
      readonly feature: number;
      readonly some: number;
      readonly change: RowChange;
    }
  | { readonly do: "bump"; readonly feature: number; readonly field: number; readonly codeVersion: string }
  | { readonly do: "toggle field" | "toggle optional" | "store as maps"; readonly feature: number };

/** The samples of a root change, without a number of all roots; then it runs. */
export interface SamplesStep {
  readonly do: "samples";
  readonly feature: number | undefined;
  readonly put: readonly SampleRecipe[];
  readonly remove: readonly number[];
  readonly via: WriteMethod;
}

/** Numbers from which a sample is made. */
export interface SampleRecipe {
  readonly values: number;
  readonly provenance: string;
  readonly dataVersion: string | undefined;
}

/**
 * A feature resolves and answers all or some of what is new or stale; without a number all features do, in order.
 * Some parents of an expansion turn out to have no children and are marked as empty.
 */
export interface RunStep {
  readonly do: "run";
  readonly feature: number | undefined;
  /** Whether about half of the units of work are left for later. */
  readonly leavesSome: boolean;
  readonly seed: number;
  readonly ownDataVersions: boolean;
  readonly via: WriteMethod;
}

/** As sets of the increment where they can be written as they are, as rows, or past the increment. */
export type WriteMethod = "set" | "rows" | "store";

/** All features resolve with options, and nothing is written. */
export interface InspectStep {
  readonly do: "inspect";
  /** Chooses the upstream that is filtered. */
  readonly upstream: number;
  readonly upstreamFilter: FilterRecipe | undefined;
  readonly ownFilter: FilterRecipe | undefined;
  readonly targetFilter: FilterRecipe | undefined;
  readonly globalFilter: FilterRecipe | undefined;
  readonly staleIf: readonly FilterRecipe[];
  readonly skipComparison: boolean;
  /** Gives samples in place of the upstream features, made from this number. */
  readonly samples: number | undefined;
}

const feature = fc.nat(29);
const some = fc.nat(999);
const via: fc.Arbitrary<WriteMethod> = fc.constantFrom("rows", "set", "store");
const sampleRecipe: fc.Arbitrary<SampleRecipe> = fc.record({
  values: fc.nat(9999),
  provenance: fc.constantFrom("p1", "p2", "", "a|b", "é"),
  dataVersion: arbitraryOptional(fc.constantFrom("d1", "d2")),
});

const samplesStep: fc.Arbitrary<SamplesStep> = fc.record({
  do: fc.constant("samples"),
  feature,
  put: fc.array(sampleRecipe, { maxLength: 5 }),
  remove: fc.array(some, { maxLength: 2 }),
  via,
});

const runStep: fc.Arbitrary<RunStep> = fc.record({
  do: fc.constant("run"),
  feature: fc.oneof(fc.constant(undefined), feature),
  leavesSome: fc.constantFrom(false, false, true),
  seed: some,
  ownDataVersions: fc.boolean(),
  via,
});

const inspectStep: fc.Arbitrary<InspectStep> = fc.record({
  do: fc.constant("inspect"),
  upstream: feature,
  upstreamFilter: arbitraryOptional(filterRecipe),
  ownFilter: arbitraryOptional(filterRecipe),
  targetFilter: arbitraryOptional(filterRecipe),
  globalFilter: arbitraryOptional(filterRecipe),
  staleIf: fc.array(filterRecipe, { maxLength: 2 }),
  skipComparison: fc.constantFrom(false, false, false, true),
  samples: arbitraryOptional(some),
});

const otherStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("change rows"),
    feature,
    some,
    change: fc.constantFrom("deleted", "without provenance", "with an outdated field"),
  }),
  fc.record({
    do: fc.constant("bump"),
    feature,
    field: fc.nat(5),
    codeVersion: fc.constantFrom("1", "2", "__metaxy_initial__"),
  }),
  fc.record({ do: fc.constantFrom("toggle field", "toggle optional", "store as maps"), feature }),
);

/** Random sequences that begin with samples and a whole run. */
export const arbitrarySteps: fc.Arbitrary<readonly Step[]> = fc
  .record({
    samples: fc.array(sampleRecipe, { minLength: 6, maxLength: 12 }),
    run: runStep,
    later: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: samplesStep },
        { weight: 3, arbitrary: runStep },
        { weight: 5, arbitrary: inspectStep },
        { weight: 4, arbitrary: otherStep },
      ),
      { minLength: 5, maxLength: 10 },
    ),
  })
  .map(({ samples, run, later }) => [
    { do: "samples", feature: undefined, put: samples, remove: [], via: "rows" },
    { ...run, feature: undefined },
    ...later,
  ]);
