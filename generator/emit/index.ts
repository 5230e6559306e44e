import { type Memo, noMemo } from "../pipeline/index.ts";
import type { PlannedFeature } from "../plan/index.ts";
import { moduleAssembler } from "./assemble-module.ts";
import { typePrinter } from "./column-types.ts";
import { emitFeature } from "./emit-feature.ts";
import { printIndex } from "./print-index.ts";

/** What modules are made of besides the features themselves. */
export interface EmitInput {
  readonly features: readonly PlannedFeature[];
  readonly project: string;
  readonly projectVersion: string;
  /** Folder of the specs, as the header of the index names it. */
  readonly schemas: string;
  /** How modules import each other. */
  readonly importExtension: ".js" | ".ts" | "";
}

/** A file, with its path below the output folder. */
export interface EmittedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Emits a TypeScript module for each feature, and an index of them all. The same input gives the same bytes.
 *
 * The tools that print modules take most of a second to load, so they are loaded only for what the memo lacks.
 */
export async function emitModules(input: EmitInput, memo: Memo = noMemo): Promise<readonly EmittedFile[]> {
  const tools = { printTypes: typePrinter(memo), assemble: moduleAssembler(memo) };
  const files: EmittedFile[] = [];
  for (const { model, value } of input.features) {
    const slot = memo("module", model);
    const text = slot.text() ?? slot.store(await emitFeature({ model, value: value() }, tools));
    files.push({ path: `${model.module}.ts`, text });
  }
  const features = input.features.map(({ model }) => model);
  return [...files, { path: "index.ts", text: printIndex({ ...input, features }) }];
}
