import type { AnyFeature, SampleOf, Store } from "stemma";
import type { PipelineDocument } from "./documents.ts";

/** What `generated/index.ts` of the repository exports. */
export type GeneratedIndex = typeof import("../../generated/index.ts");

/** How the steps of a document are run. */
export interface StepRunner {
  readonly store: Store;
  /** The generated modules, after the given edits of spec files: file name without extension → edits. */
  generated(edits: readonly SpecEdit[]): Promise<GeneratedIndex>;
  /** Called before a step, then for each line that it prints. */
  begin(title: string, generated: GeneratedIndex): void;
  print(line: string): void;
}

/** A replacement in the text of a spec. */
export interface SpecEdit {
  readonly spec: string;
  readonly from: string;
  readonly to: string;
}

/** Runs a document step by step on one store, its specs regenerated after each edit. */
export async function runSteps({ steps, run }: PipelineDocument, runner: StepRunner): Promise<void> {
  const edits: SpecEdit[] = [];
  for (const step of steps) {
    if (step.edit !== undefined) edits.push(step.edit);
    const generated = await runner.generated(edits);
    runner.begin(step.title, generated);
    await run({
      features: generated,
      project: generated.project,
      store: runner.store,
      roots: <F extends AnyFeature>(feature: F) => (step.roots[feature.key] ?? []) as readonly SampleOf<F>[],
      print: runner.print,
    });
  }
}
