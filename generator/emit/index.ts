import type { Feature, FeatureTypes } from "../../runtime/contract.ts";
import type { CompileCache } from "../pipeline/index.ts";
import type { FeatureModel } from "../resolve/project-model.ts";
import { moduleAssembler } from "./assemble-module.ts";
import { typePrinter } from "./column-types.ts";
import { emitFeature } from "./emit-feature.ts";
import { printIndex } from "./print-index.ts";

/** A feature of which a module is to be made. */
export interface ModuleSource {
  readonly model: FeatureModel;
  /** What the module exports. Asked for where the cache does not have the module. */
  readonly value: () => Feature<FeatureTypes>;
  /** The cache key of all that the module depends on. */
  readonly key?: string;
}

/** What modules are made of beside the features themselves. */
export interface EmitInput {
  readonly features: readonly ModuleSource[];
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
 * The tools that print modules take most of a second to load: that is done where the cache does not have their work.
 */
export async function emitModules(input: EmitInput, cache?: CompileCache): Promise<readonly EmittedFile[]> {
  const tools = { printTypes: typePrinter(cache), assemble: moduleAssembler(cache) };
  const files: EmittedFile[] = [];
  for (const { model, value, key } of input.features) {
    const cached = key && cache?.get(`module ${key}`);
    const text = cached ?? (await emitFeature({ model, value: value() }, tools));
    if (key !== undefined && cached === undefined) cache?.set(`module ${key}`, text);
    files.push({ path: `${model.module}.ts`, text });
  }
  const features = input.features.map(({ model }) => model);
  return [...files, { path: "index.ts", text: printIndex({ ...input, features }) }];
}
