import type { ManifestColumn, ManifestDep, ManifestFeature } from "../manifest/manifest.ts";
import { constraints } from "./changes/compare-keywords.ts";
import { arrivingNames } from "./model/feature-facts.ts";
import { isSame } from "./model/is-same.ts";
import type { FeatureInBoth, ProjectPair } from "./model/project-pair.ts";

/** The upstream features that changed and of which the module of a feature embeds facts: its plan rests on them. */
export function findEmbeddedChanges({ after }: FeatureInBoth, project: ProjectPair): string[] {
  return after.deps
    .filter((dep) => {
      const upstream = project.features.get(dep.feature);
      return (
        upstream?.isIdentical !== true &&
        !isSame(embedded(upstream?.before, dep), embedded(upstream?.after, dep))
      );
    })
    .map(({ feature }) => feature);
}

/** Version, ids and types of all columns, and of those that arrive also the values that they list. */
function embedded(feature: ManifestFeature | undefined, dep: ManifestDep): unknown {
  if (feature === undefined) return null;
  const { featureVersion, idColumns, columns } = feature;
  const selected = dep.select === undefined ? undefined : new Set(dep.select);
  const arriving = [...arrivingNames(dep, feature)].filter(
    ([name, own]) => selected === undefined || selected.has(name) || idColumns.includes(own),
  );
  return [
    featureVersion,
    idColumns,
    Object.entries(columns).map(([name, column]) => [name, typeIn(column)]),
    arriving.map(([, own]) => withoutConstraints(columns[own])),
  ];
}

function typeIn(column: ManifestColumn): string {
  return typeof column === "string" ? column : column.type;
}

/** Bounds, lengths and patterns are checked by the upstream's own module alone. */
function withoutConstraints(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutConstraints);
  if (typeof value !== "object" || value === null) return value ?? null;
  const kept = Object.entries(value).filter(([keyword]) => !constraints.has(keyword));
  return kept.length === 1 && kept[0]?.[0] === "type"
    ? kept[0][1]
    : Object.fromEntries(kept.map(([keyword, inner]) => [keyword, withoutConstraints(inner)]));
}
