import { describe, expect, it } from "vitest";
import { compileModel } from "../../../generator/compile-project.ts";
import { type DefinitionVectors, readVectors } from "../../support/vectors.ts";

describe("versions of definitions, as recorded", () => {
  for (const [file, { cases }] of Object.entries(readVectors<DefinitionVectors>("definitions"))) {
    for (const { name, specs, versions } of cases) {
      for (const [hashLength, recorded] of Object.entries(versions)) {
        it(`${file}: ${name} at ${hashLength}`, () => {
          expect(computed(specs, Number(hashLength))).toEqual(recorded);
        });
      }
    }
  }
});

function computed(specs: readonly object[], hashLength: number): unknown {
  const sources = Object.fromEntries(
    specs.map((spec, i) => [`schemas/s${i}.feature.json`, JSON.stringify(spec)]),
  );
  const { project, versions, diagnostics } = compileModel(sources, { hashLength, schemas: "schemas" });
  expect(diagnostics.filter((diagnostic) => diagnostic.severity === "error")).toEqual([]);
  return Object.fromEntries(
    (project?.features ?? []).map((feature) => {
      const own = versions?.features.get(feature);
      const fields = feature.fields.map((field) => [
        field.key,
        { version: own?.fields.get(field), parents: field.parents.map((parent) => parent.fullName) },
      ]);
      return [
        feature.key,
        {
          featureVersion: own?.featureVersion,
          codeVersion: own?.codeVersion,
          fields: Object.fromEntries(fields),
        },
      ];
    }),
  );
}
