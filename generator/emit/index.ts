import { moduleAssembler } from "./assemble-module.ts";
import { typePrinter } from "./column-types.ts";
import { emitFeature } from "./emit-feature.ts";
import type { EmittedFeature } from "./emitted-feature.ts";
import { printIndex } from "./print-index.ts";

export type { EmittedFeature } from "./emitted-feature.ts";

/** What modules are made of beside the features themselves. */
export interface EmitInput {
  readonly features: readonly EmittedFeature[];
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

/** Emits a TypeScript module for each feature, and an index of them all. The same input gives the same bytes. */
export async function emitModules(input: EmitInput): Promise<readonly EmittedFile[]> {
  const tools = { printTypes: await typePrinter(), assemble: await moduleAssembler() };
  const files: EmittedFile[] = [];
  for (const feature of input.features) {
    files.push({ path: `${feature.model.module}.ts`, text: await emitFeature(feature, tools) });
  }
  const features = input.features.map(({ model }) => model);
  return [...files, { path: "index.ts", text: printIndex({ ...input, features }) }];
}
