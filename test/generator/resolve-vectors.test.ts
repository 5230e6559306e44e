import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { filesByKey, resolvedFeatures, resolveSpecs, type SpecObject } from "./resolve-sources.ts";

const vectors = new URL("../vectors/", import.meta.url);

interface DefinitionCase {
  readonly name: string;
  readonly specs: readonly SpecObject[];
  readonly versions: Record<
    string,
    Record<string, { readonly fields: Record<string, { readonly parents: readonly string[] }> }>
  >;
}

interface IncrementCase {
  readonly name: string;
  readonly specs: readonly SpecObject[];
}

interface PipelineStep {
  readonly title: string;
  readonly specs: readonly SpecObject[];
  readonly runs: readonly { readonly feature: string; readonly grain: readonly string[] }[];
}

function readCases<Case>(folder: string): { file: string; cases: readonly Case[] }[] {
  const files = readdirSync(new URL(`${folder}/`, vectors)).filter((file) => file.endsWith(".json"));
  return files.map((file) => {
    const { cases } = JSON.parse(readFileSync(new URL(`${folder}/${file}`, vectors), "utf8"));
    return { file, cases };
  });
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

describe.each(readCases<IncrementCase>("increments"))("increments/$file", ({ cases }) => {
  it.each(cases)("$name: every spec is accepted", ({ specs }) => {
    const { diagnostics } = resolveSpecs(filesByKey(specs));
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

describe("pipelines.json", () => {
  const { pipelines } = JSON.parse(readFileSync(new URL("pipelines.json", vectors), "utf8"));
  const steps: PipelineStep[] = pipelines.flatMap(
    (pipeline: { readonly steps: PipelineStep[] }) => pipeline.steps,
  );

  it.each(steps)("$title: the grain of every run", ({ specs, runs }) => {
    const features = resolvedFeatures(specs);
    for (const { feature, grain } of runs) expect(features.get(feature)?.grain).toEqual(grain);
  });
});

function parentsByField(features: ReturnType<typeof resolvedFeatures>): Record<string, string[]> {
  return Object.fromEntries(
    [...features.values()].flatMap((feature) =>
      feature.fields.map((field) => [field.fullName, field.parents.map((parent) => parent.fullName)]),
    ),
  );
}
