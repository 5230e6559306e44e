import type { Manifest } from "../../manifest/manifest.ts";
import type { JsonDocument } from "../../source/json-document.ts";
import { readJsonDocument } from "../../source/read-json-document.ts";
import type { Sources } from "../../source/source-file.ts";
import type { SpecDocuments } from "./spec-paths.ts";

/** The specs from which a manifest was compiled, each read when it is first asked for. */
export function readSpecDocuments(sources: Sources, manifest: Manifest): SpecDocuments {
  const documents = new Map<string, JsonDocument | undefined>();
  return {
    get(featureKey) {
      if (!documents.has(featureKey)) documents.set(featureKey, readSpec(featureKey, sources, manifest));
      return documents.get(featureKey);
    },
  };
}

function readSpec(featureKey: string, sources: Sources, manifest: Manifest): JsonDocument | undefined {
  const file = manifest.features[featureKey]?.spec;
  const text = file === undefined ? undefined : sources[file];
  return file === undefined || text === undefined ? undefined : readJsonDocument(file, text).document;
}
