import type { ManifestFeature } from "../manifest/manifest.ts";
import { isSame } from "./is-same.ts";
import type { KeptFeature, ProjectPair } from "./project-pair.ts";

/** The upstream features that changed and of which the module of a feature names facts: its plan rests on them. */
export function findModuleNames({ after }: KeptFeature, project: ProjectPair): string[] {
  return after.deps
    .map(({ feature }) => feature)
    .filter((key) => {
      const upstream = project.features.get(key);
      return upstream?.isAlike !== true && !isSame(namedFacts(upstream?.before), namedFacts(upstream?.after));
    });
}

function namedFacts(feature: ManifestFeature | undefined): unknown {
  return [feature?.featureVersion ?? null, feature?.idColumns ?? null, feature?.columns ?? null];
}
