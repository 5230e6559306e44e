import type { AnyFeature, SampleOf, Store } from "stemma";

/** What a run of a pipeline is given. */
export interface PipelineRun<Features> {
  readonly features: Features;
  /** Name and version of the project, as `generated/index.ts` exports them. */
  readonly project: { readonly name: string; readonly version: string };
  readonly store: Store;
  /** The samples of a root: what a crawler or a listing of files would find. */
  roots<F extends AnyFeature>(feature: F): readonly SampleOf<F>[];
  print(line: string): void;
}
