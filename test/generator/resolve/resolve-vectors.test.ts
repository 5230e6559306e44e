import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { FeatureModel } from "../../../generator/resolve/project-model.ts";
import {
  filesByKey,
  resolvedFeatures,
  resolveSpecs,
  type SpecObject,
} from "../../support/resolve-sources.ts";
import { type RecordedVersions, readVectors, vectorsFolder } from "../../support/vectors.ts";

interface RecordedCase {
  readonly name: string;
  readonly specs: readonly SpecObject[];
}

interface DefinitionCase extends RecordedCase {
  readonly versions: Readonly<Record<string, Readonly<Record<string, RecordedVersions>>>>;
}

interface PipelineStep {
  readonly title: string;
  readonly specs: readonly SpecObject[];
  readonly runs: readonly { readonly feature: string; readonly grain: readonly string[] }[];
}

function readCases<Case>(folder: string): { readonly file: string; readonly cases: readonly Case[] }[] {
  const files = readVectors<{ readonly cases: readonly Case[] }>(folder);
  return Object.entries(files).map(([file, { cases }]) => ({ file, cases }));
}

describe.each(readCases<DefinitionCase>("definitions"))("definitions/$file", ({ cases }) => {
  it.each(cases)("$name: parents of every field", ({ specs, versions }) => {
    const features = resolvedFeatures(specs);
    for (const recorded of Object.values(versions)) {
      expect(parentsByField(features)).toEqual(
        Object.fromEntries(
          Object.entries(recorded).flatMap(([feature, { fields }]) =>
            Object.entries(fields).map(([field, { parents }]) => [`${feature}.${field}`, parents]),
          ),
        ),
      );
    }
  });
});

describe.each(readCases<RecordedCase>("increments"))("increments/$file", ({ cases }) => {
  it.each(cases)("$name: every spec is accepted", ({ specs }) => {
    const { diagnostics } = resolveSpecs(filesByKey(specs));
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

describe("pipelines.json", () => {
  const { pipelines } = JSON.parse(readFileSync(`${vectorsFolder}pipelines.json`, "utf8"));
  const steps: PipelineStep[] = pipelines.flatMap(
    (pipeline: { readonly steps: PipelineStep[] }) => pipeline.steps,
  );

  it.each(steps)("$title: the grain of every run", ({ specs, runs }) => {
    const features = resolvedFeatures(specs);
    for (const { feature, grain } of runs) expect(features.get(feature)?.grain).toEqual(grain);
  });
});

function parentsByField(features: ReadonlyMap<string, FeatureModel>): Record<string, string[]> {
  return Object.fromEntries(
    [...features.values()].flatMap((feature) =>
      feature.fields.map((field) => [field.fullName, field.parents.map((parent) => parent.fullName)]),
    ),
  );
}
