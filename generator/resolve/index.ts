import { type Diagnostic, hasErrors, sortDiagnostics } from "../diagnostics/diagnostic.ts";
import type { ParsedSpec } from "../parse/parsed-spec.ts";
import { type Memo, noMemo } from "../pipeline/index.ts";
import { buildModel } from "./build-model.ts";
import { checkCollisions } from "./check-collisions.ts";
import { checkDep, isJoinable } from "./check-dep.ts";
import { checkFields } from "./check-fields.ts";
import { checkJoin } from "./check-join.ts";
import { checkRenames } from "./check-renames.ts";
import { type JoinedFeature, joinFeature } from "./join-feature.ts";
import { checkLinks, indexSpecs, linkFeature, type SpecIndex } from "./link-feature.ts";
import { cycleDiagnostic, orderFeatures } from "./order-features.ts";
import type { ProjectModel } from "./project-model.ts";

export type { ProjectModel } from "./project-model.ts";

/** What resolve depends on besides the specs. */
export interface ResolveOptions {
  /** Keys of features whose specs did not parse: a dep on one of them is not reported again. */
  readonly brokenKeys: ReadonlySet<string>;
  /** Folder of the specs, relative to the project; the tree of modules mirrors it. Default `schemas`. */
  readonly schemasFolder?: string;
}

/** A project in which every name is resolved, or what is wrong with it. */
export interface ResolvedProject {
  /** Absent when there are errors. */
  readonly project: ProjectModel | undefined;
  readonly diagnostics: Diagnostic[];
}

/**
 * Resolves every name between the specs of a project. One run reports all problems of all features.
 *
 * A feature gets the key of its spec and of all specs upstream: later stages store results under it.
 */
export function resolveProject(
  specs: readonly ParsedSpec[],
  options: ResolveOptions,
  memo: Memo = noMemo,
): ResolvedProject {
  const { brokenKeys, schemasFolder = "schemas" } = options;
  const index = indexSpecs(specs, brokenKeys);
  const features = specs.map((spec) => joinFeature(linkFeature(spec, index)));
  const { ordered, cycles } = orderFeatures(features);
  const diagnostics = sortDiagnostics([
    ...checkCollisions(specs, schemasFolder),
    ...checkRenames(specs, index),
    ...cycles.map(cycleDiagnostic),
    ...features.flatMap((feature) => checkFeature(feature, index)),
  ]);
  if (hasErrors(diagnostics)) return { project: undefined, diagnostics };
  const project = buildModel(ordered, schemasFolder);
  for (const feature of project.features) {
    const upstream = feature.deps.map((dep) => dep.feature);
    memo.identify(feature, () => [schemasFolder], [feature.spec, ...upstream]);
  }
  return { project, diagnostics };
}

/** What the deps bring together is judged only where each of them can be joined. */
function checkFeature(feature: JoinedFeature, index: SpecIndex): Diagnostic[] {
  const { spec, deps, complete } = feature;
  return [
    ...checkLinks(spec, index),
    ...deps.flatMap((dep) => [...checkDep(dep, spec)]),
    ...checkFields(feature),
    ...(complete && deps.every((dep) => isJoinable(dep, spec)) ? checkJoin(feature) : []),
  ];
}
