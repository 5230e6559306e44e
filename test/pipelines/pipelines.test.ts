import { readFileSync } from "node:fs";
import { openStore } from "stemma/duckdb";
import { describe, expect, it } from "vitest";
import type { AnyFeature } from "../../runtime/index.ts";
import { vectorsFolder } from "../support/vectors.ts";
import { compileEdited } from "./compile-edited.ts";
import { documents } from "./documents.ts";
import { type GeneratedIndex, runSteps } from "./run-steps.ts";

interface RecordedPipelines {
  readonly pipelines: readonly { readonly name: string; readonly steps: readonly RecordedStep[] }[];
}

interface RecordedStep {
  readonly hashLength: number;
  readonly versions: Readonly<
    Record<string, { featureVersion: string; fields: Record<string, { version: string }> }>
  >;
  readonly roots: Readonly<Record<string, readonly object[]>>;
  readonly runs: readonly { readonly computed: Readonly<Record<string, readonly ComputedRow[]>> }[];
  readonly storedRows: Readonly<Record<string, { readonly current: number }>>;
  readonly prints: readonly string[] | null;
}

interface ComputedRow {
  readonly provenance: string;
  readonly provenanceByField: Readonly<Record<string, string>>;
}

const recorded = JSON.parse(readFileSync(`${vectorsFolder}pipelines.json`, "utf8")) as RecordedPipelines;

describe.each(documents)("the documented pipeline: $name", (document) => {
  const steps = recorded.pipelines.find(({ name }) => name === document.name)?.steps ?? [];

  it("prints what its document prints, under the documented versions", async () => {
    const lines: string[][] = [];
    const versions: unknown[] = [];
    await using store = await openStore(":memory:");
    await runSteps(document, {
      store,
      generated: (edits) => compileEdited([document.name], document.hashLength, edits),
      begin: (_, generated) => {
        lines.push([]);
        versions.push(versionsOf(generated));
      },
      print: (line) => lines.at(-1)?.push(line),
    });

    expect(versions).toEqual(steps.map((step) => mapValues(step.versions, documentedVersions)));
    expect(document.steps.map(({ roots }) => roots)).toEqual(steps.map(({ roots }) => roots));
    const hashes = md5ByDocumentHash(steps);
    for (const [index, step] of steps.entries()) {
      if (step.prints === null) continue;
      expect(lines[index]?.map(asFacts)).toEqual(step.prints.map((line) => asDocumentedFacts(line, hashes)));
    }
    const generated = await compileEdited(
      [document.name],
      document.hashLength,
      document.steps.flatMap(({ edit }) => edit ?? []),
    );
    for (const [key, { current }] of Object.entries(steps.at(-1)?.storedRows ?? {})) {
      const feature = featuresOf(generated).find((candidate) => candidate.key === key);
      expect([key, feature && (await store.read(feature).toArray()).length]).toEqual([key, current]);
    }
  });
});

function featuresOf(generated: GeneratedIndex): AnyFeature[] {
  const { project, ...features } = generated;
  return Object.values(features);
}

function versionsOf(generated: GeneratedIndex): unknown {
  return Object.fromEntries(
    featuresOf(generated).map((feature) => [
      feature.key,
      { featureVersion: feature.featureVersion, fields: mapValues(feature.fields, ({ version }) => version) },
    ]),
  );
}

function documentedVersions({ featureVersion, fields }: RecordedStep["versions"][string]): unknown {
  return { featureVersion, fields: mapValues(fields, ({ version }) => version) };
}

function mapValues<In, Out>(
  record: Readonly<Record<string, In>>,
  map: (value: In) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** The documents print hashes of another algorithm; the recording has both for each row. */
function md5ByDocumentHash(steps: readonly RecordedStep[]): ReadonlyMap<string, string> {
  const pairs: [string, string][] = [];
  for (const { computed } of steps.flatMap(({ runs }) => runs)) {
    const documented = computed["xxhash64"] ?? computed["xxhash32"] ?? [];
    for (const [index, row] of (computed["md5"] ?? []).entries()) {
      const other = documented[index];
      if (other === undefined) continue;
      pairs.push([other.provenance, row.provenance]);
      for (const [field, hash] of Object.entries(row.provenanceByField)) {
        pairs.push([other.provenanceByField[field] ?? "", hash]);
      }
    }
  }
  return new Map(pairs);
}

/** A line: its text, and the object that it ends with, if any. The version of the project is our own. */
function asFacts(line: string): unknown {
  const start = line.indexOf("{");
  if (line.startsWith("Graph ")) return ["Graph"];
  return start < 0 ? [line.trim()] : [line.slice(0, start).trim(), JSON.parse(line.slice(start))];
}

/** The same of a documented line, which prints objects as Python does, a column that our rows don't have among them. */
function asDocumentedFacts(line: string, hashes: ReadonlyMap<string, string>): unknown {
  const json = line
    .replaceAll("'metaxy_deleted_at': None, ", "")
    .replace(/'video_id': (\d+)/, "'video_id': '$1'")
    .replace(/\{.*/, (object) => object.replaceAll("'", '"'))
    .replace(/"(\w+)"(?=[,}])/g, (whole, hash: string) => JSON.stringify(hashes.get(hash) ?? hash) || whole);
  return asFacts(json);
}
