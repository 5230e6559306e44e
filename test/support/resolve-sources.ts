import { parseSpecs } from "../../generator/parse/index.ts";
import { type ResolvedProject, resolveProject } from "../../generator/resolve/index.ts";
import type { FeatureModel } from "../../generator/resolve/project-model.ts";
import { readSources } from "../../generator/source/index.ts";

/** A spec as a plain object, for tests that build theirs. */
export interface SpecObject {
  readonly feature: { readonly key: string };
}

/** Parses and resolves specs; what is wrong with a spec alone counts as a mistake of the test. */
export function resolveSpecs(
  specs: Readonly<Record<string, object>>,
  brokenKeys: ReadonlySet<string> = new Set(),
): ResolvedProject {
  const texts = Object.entries(specs).map(([file, spec]) => [file, JSON.stringify(spec, undefined, 2)]);
  const read = readSources(Object.fromEntries(texts));
  const parsed = parseSpecs(read);
  const mistakes = [...read.diagnostics, ...parsed.diagnostics].filter(
    ({ severity }) => severity === "error",
  );
  if (mistakes.length > 0) throw new Error(mistakes.map(({ message }) => message).join("\n"));
  return resolveProject(parsed.specs, { brokenKeys });
}

/** Puts specs into files named after their keys. */
export function filesByKey(specs: readonly SpecObject[]): Record<string, object> {
  return Object.fromEntries(specs.map((spec) => [`schemas/${spec.feature.key}.feature.json`, spec]));
}

/** The features of a project that resolves without any error, by key. */
export function resolvedFeatures(specs: readonly SpecObject[]): Map<string, FeatureModel> {
  const { project, diagnostics } = resolveSpecs(filesByKey(specs));
  if (project === undefined || diagnostics.some(({ severity }) => severity === "error")) {
    throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  }
  return new Map(project.features.map((feature) => [feature.key, feature]));
}
