import type { DepDocument, FieldDocument, MappingDocument, SpecDocument } from "../oracle/spec-document.ts";

/** A project as a map of features: what an edit can change stands apart from the rest, so that it can be undone alone. */
export type ProjectSketch = Readonly<Record<string, FeatureSketch>>;

export interface FeatureSketch {
  /** By upstream key. */
  readonly deps: Readonly<Record<string, DepSketch>>;
  /** By field key. */
  readonly fields: Readonly<Record<string, FieldSketch>>;
  /** What moves no version. */
  readonly description: string;
  readonly columns: SpecDocument["properties"];
  readonly required: readonly string[];
  readonly title: string;
}

export interface DepSketch extends Omit<DepDocument, "feature" | "fieldsMapping"> {
  readonly mapping: MappingDocument;
}

export interface FieldSketch {
  readonly code: string;
  readonly deps?: FieldDocument["deps"];
}

/** The specs of a sketch. Features are joined on `id`, and each has columns of its own. */
export function specsOf(project: ProjectSketch): SpecDocument[] {
  return Object.entries(project).map(([key, { deps, fields, columns, required, title, description }]) => ({
    title,
    description,
    type: "object",
    properties: { id: { type: "string" }, ...columns },
    required: ["id", ...required],
    feature: {
      key,
      idColumns: ["id"],
      deps: Object.entries(deps).map(([feature, { mapping, ...options }]) => ({
        feature,
        fieldsMapping: mapping,
        ...options,
      })),
      fields: Object.entries(fields).map(([field, { code, deps: own }]) => ({
        key: field,
        codeVersion: code,
        ...(own === undefined ? {} : { deps: own }),
      })),
    },
  }));
}

/** Whether a sketch names nothing that is not there, and no feature is its own upstream. */
export function isSound(project: ProjectSketch): boolean {
  const features = Object.entries(project);
  const has = (feature: string, fields: readonly string[]): boolean =>
    fields.every((field) => project[feature]?.fields[field] !== undefined);
  return features.every(([, { deps, fields }]) => {
    const upstream = Object.entries(deps);
    const isMapped = upstream.every(
      ([key, { mapping }]) => project[key] !== undefined && has(key, namesIn(mapping)),
    );
    const isNamed = Object.values(fields).every(
      ({ deps: own }) =>
        own === undefined ||
        own === "all" ||
        own.every(
          ({ feature, fields: named }) =>
            deps[feature] !== undefined && has(feature, named === "all" ? [] : (named ?? [])),
        ),
    );
    return isMapped && isNamed && Object.keys(fields).length > 0 && !isUpstream(project, deps);
  });
}

/** Whether a feature with these deps is reached from them: walked until nothing new is found. */
function isUpstream(project: ProjectSketch, deps: FeatureSketch["deps"]): boolean {
  const above = new Set(Object.keys(deps));
  for (const key of above) {
    const feature = project[key];
    if (feature?.deps === deps) return true;
    for (const further of Object.keys(feature?.deps ?? {})) above.add(further);
  }
  return false;
}

function namesIn(mapping: MappingDocument): readonly string[] {
  if (mapping.type === "specific") return Object.values(mapping.mapping).flat();
  return mapping.type === "default" ? (mapping.excludeFields ?? []) : [];
}
