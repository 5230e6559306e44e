import fc from "fast-check";
import { expect, test } from "vitest";
import { featureFacts } from "../../../generator/diff/model/feature-facts.ts";
import { buildManifest } from "../../../generator/manifest/index.ts";
import { featureValue } from "../../../generator/plan/index.ts";
import { arbitraryProject } from "../../oracle/arbitrary-project.ts";
import { compileSpecs } from "../../support/compile-specs.ts";

test("a manifest tells of its features what the specs tell: grain, joins, input columns", () => {
  let derived = 0;
  fc.assert(
    fc.property(arbitraryProject, ({ specs, hashLength }) => {
      const { model, versions } = compileSpecs(specs, { hashLength });
      const manifest = buildManifest(model, versions, { project: "p", hashLength });
      for (const feature of model.features) {
        const entry = manifest.features[feature.key];
        if (entry === undefined) throw new Error(`${feature.key} is not in the manifest`);
        const facts = featureFacts(entry, manifest);
        const { plan } = featureValue(feature, versions, { hashLength });
        expect(facts.grain).toEqual(plan.grain);
        expect(facts.joinColumns).toEqual(feature.joinColumns);
        if (plan.kind === "root") continue;
        derived += 1;
        const inputs = [...facts.inputs].map(([name, { text, nullable }]) => [
          name,
          text + (nullable ? "" : " NOT NULL"),
        ]);
        expect(Object.fromEntries(inputs)).toEqual(plan.inputColumns);
      }
    }),
    { numRuns: Number(process.env["STEMMA_RUNS"] ?? 100) },
  );
  expect(derived).toBeGreaterThan(20);
});
