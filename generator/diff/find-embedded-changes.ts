import type { ManifestColumn, ManifestDep, ManifestFeature } from "../manifest/manifest.ts";
import { constraintKeywords } from "./model/column-view.ts";
import { arrivingNames } from "./model/feature-facts.ts";
import { isSame } from "./model/is-same.ts";
import type { FeatureInBoth, ProjectPair } from "./model/project-pair.ts";

/** The changed upstream features whose versions or columns the module of a feature embeds. */
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

/** Version, ids and types of all columns; of columns that an increment carries, their listed values too. */
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

/** Only the upstream's own module checks bounds, lengths and patterns. */
function withoutConstraints(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutConstraints);
  if (typeof value !== "object" || value === null) return value ?? null;
  const kept = Object.entries(value).filter(([keyword]) => !constraintKeywords.has(keyword));
  return kept.length === 1 && kept[0]?.[0] === "type"
    ? kept[0][1]
    : Object.fromEntries(kept.map(([keyword, inner]) => [keyword, withoutConstraints(inner)]));
}
