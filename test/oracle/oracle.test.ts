import { copyFile, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { comparable } from "../support/recorded-sets.ts";
import {
  type DefinitionVectors,
  type IncrementVectors,
  type RecordedSets,
  readVectors,
  vectorsFolder,
} from "../support/vectors.ts";
import { type Definitions, defineFeatures } from "./definitions.ts";
import { type ResolveRequest, resolveNaively } from "./increments.ts";
import { OracleError, type OracleErrorCode } from "./oracle-error.ts";
import { physicalRows } from "./physical-rows.ts";
import { keyOf, type Row } from "./row.ts";
import type { SpecDocument } from "./spec-document.ts";

describe.each(Object.entries(readVectors<DefinitionVectors>("definitions")))(
  "definitions, as recorded: %s",
  (_, { cases }) => {
    test.each(cases)("$name", ({ specs, versions }) => {
      for (const [hashLength, recorded] of Object.entries(versions)) {
        expect(printed(defineFeatures(specs as SpecDocument[], Number(hashLength)))).toEqual(recorded);
      }
    });
  },
);

function printed(definitions: Definitions): object {
  const features = [...definitions].map(([key, { featureVersion, codeVersion, fields }]) => {
    const fieldEntries = fields.map((field) => [
      field.key,
      { version: field.version, parents: field.parents.map((parent) => parent.fullName) },
    ]);
    return [key, { featureVersion, codeVersion, fields: Object.fromEntries(fieldEntries) }];
  });
  return Object.fromEntries(features);
}

const errorCodes: Readonly<Record<string, OracleErrorCode>> = {
  samplesRequired: "samples-required",
  upstreamMissing: "upstream-missing",
  unknownColumn: "unknown-column",
  filterSyntax: "filter-syntax",
};

describe.each(Object.entries(readVectors<IncrementVectors>("increments")))(
  "increments, as recorded: %s",
  (_, { cases }) => {
    test.each(cases)("$name", (recorded) => {
      const resolve = () =>
        resolveNaively({
          specs: recorded.specs as SpecDocument[],
          hash: recorded.hash,
          hashLength: recorded.hashLength,
          tables: Object.fromEntries(Object.entries(recorded.tables).map(([key, { rows }]) => [key, rows])),
          resolve: recorded.resolve,
        });
      if (recorded.expectError !== undefined) {
        expect(codeThrownBy(resolve)).toBe(errorCodes[recorded.expectError.kind]);
        return;
      }
      expect(comparable(resolve(), recorded.expect)).toEqual(comparable(recorded.expect, recorded.expect));
    });
  },
);

function codeThrownBy(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    if (error instanceof OracleError) return error.code;
    throw error;
  }
  return undefined;
}

interface StoreVectors {
  readonly hash: "md5";
  readonly hashLength: number;
  readonly specs: readonly SpecDocument[];
  readonly resolve: readonly (ResolveRequest & RecordedSets & { readonly counts: object })[];
}

describe.each(Object.entries(readVectors<StoreVectors>("stores")))(
  "stores, as recorded: %s",
  (name, recorded) => {
    test.each(recorded.resolve)("$feature", async ({ counts, new: _new, stale, orphaned, ...resolve }) => {
      const sets = { new: _new, stale, orphaned };
      const found = resolveNaively({ ...recorded, tables: await tablesOf(name, recorded.specs), resolve });
      expect(comparable(found, sets)).toEqual(comparable(sets, sets));
      expect({ new: found.new.length, stale: found.stale.length, orphaned: found.orphaned.length }).toEqual(
        counts,
      );
    });
  },
);

async function tablesOf(name: string, specs: readonly SpecDocument[]): Promise<Record<string, Row[]>> {
  const path = join(await mkdtemp(join(tmpdir(), "stemma-oracle-")), "store.duckdb");
  await copyFile(`${vectorsFolder}stores/${name}.duckdb`, path);
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const tables: Record<string, Row[]> = {};
  for (const { feature } of specs) {
    tables[feature.key] = await physicalRows(
      connection,
      feature.key.replaceAll("/", "__").replaceAll("-", "_"),
    );
  }
  connection.closeSync();
  instance.closeSync();
  return tables;
}

interface PipelineVectors {
  readonly pipelines: readonly { readonly name: string; readonly steps: readonly PipelineStep[] }[];
}

interface PipelineStep {
  readonly title: string;
  readonly specs: readonly SpecDocument[];
  readonly hashLength: number;
  readonly roots: Readonly<Record<string, readonly Row[]>>;
  readonly runs: readonly PipelineRun[];
}

interface PipelineRun {
  readonly feature: string;
  readonly grain: readonly string[];
  readonly new: readonly unknown[];
  readonly stale: readonly unknown[];
  readonly orphaned: readonly unknown[];
  readonly rows: object;
  readonly written: readonly Row[];
  readonly computed: { readonly md5: readonly Row[] };
}

describe("pipelines, as recorded", async () => {
  const { pipelines } = JSON.parse(
    await readFile(`${vectorsFolder}pipelines.json`, "utf8"),
  ) as PipelineVectors;
  test.each(pipelines)("$name", ({ steps }) => {
    const tables: Record<string, Row[]> = {};
    let clock = 0;
    for (const { specs, hashLength, roots, runs } of steps) {
      const definitions = defineFeatures(specs, hashLength);
      for (const run of runs) {
        const samples = roots[run.feature];
        const resolve = { feature: run.feature, ...(samples === undefined ? {} : { samples }) };
        const found = resolveNaively({ specs, hash: "md5", hashLength, tables, resolve });
        expect(summary(found)).toEqual({
          grain: run.grain,
          new: ids(run.new),
          stale: ids(run.stale),
          orphaned: ids(run.orphaned),
        });
        expect({ new: found.new.length, stale: found.stale.length, orphaned: found.orphaned.length }).toEqual(
          run.rows,
        );
        expect(computed([...found.new, ...found.stale], run.grain)).toEqual(asTexts(run.computed.md5));

        clock += 1;
        const outputs = new Map([...found.new, ...found.stale].map((row) => [keyOf(row, run.grain), row]));
        const written = run.written.map((row) => ({
          ...outputs.get(keyOf(row, run.grain)),
          ...row,
          metaxy_feature_version: definitions.get(run.feature)?.featureVersion,
          metaxy_updated_at: new Date(clock).toISOString(),
        }));
        tables[run.feature] = [...(tables[run.feature] ?? []), ...written];
      }
    }
  });
});

function summary(found: ReturnType<typeof resolveNaively>): object {
  const grainOf = (rows: readonly Row[]) => ids(rows.map((row) => row[found.grain[0] ?? ""]));
  return {
    grain: found.grain,
    new: grainOf(found.new),
    stale: grainOf(found.stale),
    orphaned: grainOf(found.orphaned),
  };
}

function ids(values: readonly unknown[]): unknown[] {
  return [...new Set(values.map(String))].toSorted();
}

function computed(rows: readonly Row[], grain: readonly string[]): string[] {
  return asTexts(
    rows.map((row) => ({
      ...Object.fromEntries(grain.map((column) => [column, row[column]])),
      provenance: row["metaxy_provenance"],
      provenanceByField: row["metaxy_provenance_by_field"],
    })),
  );
}

function asTexts(rows: readonly Row[]): string[] {
  return [...new Set(rows.map((row) => JSON.stringify(row)))].toSorted();
}
