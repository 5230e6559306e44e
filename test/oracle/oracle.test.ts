import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { defineFeatures } from "./definitions.ts";
import { type ResolveRequest, resolveNaively } from "./increments.ts";
import { OracleError, type OracleErrorCode } from "./oracle-error.ts";
import type { Row } from "./row.ts";
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
  readonly fields: Readonly<
    Record<string, { readonly version: string; readonly parents: readonly string[] }>
  >;
}

interface IncrementVectors {
  readonly cases: readonly IncrementCase[];
}

interface IncrementCase {
  readonly name: string;
  readonly hash: "md5";
  readonly hashLength: number;
  readonly specs: readonly SpecDocument[];
  readonly tables: Readonly<Record<string, { readonly rows: readonly Row[] }>>;
  readonly resolve: ResolveRequest;
  readonly expect?: RecordedSets;
  readonly expectError?: { readonly kind: RecordedErrorKind };
}

type RecordedSets = Readonly<Record<"new" | "stale" | "orphaned", readonly Row[]>>;

type RecordedErrorKind = "samplesRequired" | "upstreamMissing" | "unknownColumn" | "filterSyntax";

const errorCodes: Readonly<Record<RecordedErrorKind, OracleErrorCode>> = {
  samplesRequired: "samples-required",
  upstreamMissing: "upstream-missing",
  unknownColumn: "unknown-column",
  filterSyntax: "filter-syntax",
};

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

describe.each(vectorFiles("increments/"))("increments/%s", (file) => {
  const { cases } = readVectors<IncrementVectors>(`increments/${file}`);
  test.each(cases)("$name", ({ tables, expect: sets, expectError, ...input }) => {
    const rows = Object.fromEntries(Object.entries(tables).map(([key, table]) => [key, table.rows]));
    const resolve = () => resolveNaively({ ...input, tables: rows });
    if (expectError !== undefined) expect(codeThrownBy(resolve)).toBe(errorCodes[expectError.kind]);
    else expectSets(resolve(), sets);
  });
});

function expectSets(found: RecordedSets, recorded: RecordedSets | undefined): void {
  expect(asRecorded(found.new, recorded?.new)).toEqual(multiset(recorded?.new));
  expect(asRecorded(found.stale, recorded?.stale)).toEqual(multiset(recorded?.stale));
  const orphaned = recorded?.orphaned.map(withoutNulls);
  expect(asRecorded(found.orphaned.map(withoutNulls), orphaned)).toEqual(multiset(orphaned));
}

/** All user columns, and of the system columns those that were recorded. */
function asRecorded(rows: readonly Row[], recorded: readonly Row[] = []): string[] {
  const known = new Set(recorded.flatMap((row) => Object.keys(row)));
  const kept = (column: string) => !column.startsWith("metaxy_") || known.has(column);
  return multiset(
    rows.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => kept(column)))),
  );
}

function withoutNulls(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function multiset(rows: readonly Row[] = []): string[] {
  return rows.map((row) => JSON.stringify(sorted(row))).toSorted();
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function codeThrownBy(call: () => unknown): string | undefined {
  try {
    call();
  } catch (error) {
    if (error instanceof OracleError) return error.code;
    throw error;
  }
  return undefined;
}
