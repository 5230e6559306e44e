import { createHash } from "node:crypto";
import type {
  Manifest,
  ManifestDep,
  ManifestFeature,
  ManifestField,
} from "../../generator/manifest/index.ts";
import { manifestVersion } from "../../generator/manifest/index.ts";

/** A field as a test writes it: its code version, and the full names of its parents. */
export interface FieldSketch {
  readonly code?: string;
  readonly parents?: readonly string[];
  readonly deps?: NonNullable<ManifestField["deps"]>;
}

/** A feature as a test writes it. Deps that are not given follow from the parents. */
export interface FeatureSketch {
  readonly fields: Readonly<Record<string, FieldSketch>>;
  readonly deps?: readonly ManifestDep[];
  readonly columns?: ManifestFeature["columns"];
  readonly idColumns?: readonly string[];
  readonly description?: string;
}

/** Makes the manifest of a project in which features stand upstream first, with versions by the real formulas. */
export function sampleManifest(features: Readonly<Record<string, FeatureSketch>>, hashLength = 64): Manifest {
  const hash = (text: string): string =>
    createHash("sha256").update(text, "utf8").digest("hex").slice(0, hashLength);
  const versions = new Map<string, string>();
  const described = Object.entries(features).map(([key, sketch]): [string, ManifestFeature] => {
    const fields = Object.entries(sketch.fields).map(([fieldKey, field]): [string, ManifestField] => {
      const { code = "__metaxy_initial__", parents = [], deps } = field;
      const inherited = parents.map((parent) => versions.get(parent)).join("");
      const version = hash(`${key}.${fieldKey}${code}${inherited}`);
      versions.set(`${key}.${fieldKey}`, version);
      return [fieldKey, { version, codeVersion: code, parents, ...(deps === undefined ? {} : { deps }) }];
    });
    return [
      key,
      {
        name: key.toUpperCase(),
        spec: `schemas/${key}.feature.json`,
        module: key,
        featureVersion: hash(fields.map(([fieldKey, { version }]) => fieldKey + version).join("")),
        codeVersion: hash(fields.map(([fieldKey, { codeVersion }]) => fieldKey + codeVersion).join("")),
        definitionVersion: hash(JSON.stringify([key, sketch])),
        idColumns: sketch.idColumns ?? ["id"],
        deps: sketch.deps ?? impliedDeps(sketch),
        fields: Object.fromEntries(fields),
        columns: sketch.columns ?? { id: "VARCHAR NOT NULL" },
      },
    ];
  });
  return {
    manifestVersion,
    project: "sample",
    hashLength,
    projectVersion: hash(described.map(([key, feature]) => key + feature.definitionVersion).join("")),
    features: Object.fromEntries(described),
  };
}

function impliedDeps({ fields }: FeatureSketch): ManifestDep[] {
  const parents = Object.values(fields).flatMap((field) => field.parents ?? []);
  const upstream = new Set(parents.map((name) => name.slice(0, name.indexOf("."))));
  return [...upstream].sort().map((feature) => ({ feature, lineage: { type: "identity" } }));
}
