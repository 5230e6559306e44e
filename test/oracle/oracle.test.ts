import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { defineFeatures } from "./definitions.ts";
import type { SpecDocument } from "./spec-document.ts";

interface DefinitionVectors {
  readonly cases: readonly {
    readonly name: string;
    readonly specs: readonly SpecDocument[];
    readonly versions: Readonly<Record<string, Readonly<Record<string, RecordedFeature>>>>;
  }[];
}

interface RecordedFeature {
  readonly featureVersion: string;
  readonly codeVersion: string;
  readonly fields: Readonly<Record<string, { readonly version: string; readonly parents: readonly string[] }>>;
}

const vectors = new URL("../vectors/", import.meta.url);

function readVectors<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, vectors), "utf8")) as T;
}

function vectorFiles(folder: string): string[] {
  return readdirSync(new URL(folder, vectors)).filter((name) => name.endsWith(".json"));
}

describe.each(vectorFiles("definitions/"))("definitions/%s", (file) => {
  const { cases } = readVectors<DefinitionVectors>(`definitions/${file}`);
  test.each(cases)("$name", ({ specs, versions }) => {
    for (const [hashLength, recorded] of Object.entries(versions)) {
      const computed = [...defineFeatures(specs, Number(hashLength))].map(([key, feature]) => [
        key,
        {
          featureVersion: feature.featureVersion,
          codeVersion: feature.codeVersion,
          fields: Object.fromEntries(
            feature.fields.map((field) => [
              field.key,
              { version: field.version, parents: field.parents.map((parent) => parent.fullName) },
            ]),
          ),
        },
      ]);
      expect(Object.fromEntries(computed)).toEqual(recorded);
    }
  });
});
