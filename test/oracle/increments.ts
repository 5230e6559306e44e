import { currentRows } from "./current-rows.ts";
import { defineFeatures, type FeatureDefinition } from "./definitions.ts";
import { type ExpectedRow, expectedRows } from "./expected-rows.ts";
import { allHold, anyHolds } from "./filter-truth.ts";
import { grainColumns } from "./join-columns.ts";
import { OracleError } from "./oracle-error.ts";
import { groupBy, keyOf, type Row } from "./row.ts";
import { sampleVersion, type VersionsByField } from "./sample-versions.ts";
import type { SpecDocument } from "./spec-document.ts";

/** What is resolved, over which rows. */
export interface NaiveInput {
  readonly specs: readonly SpecDocument[];
  readonly hash: "md5";
  readonly hashLength: number;
  /** Feature key → physical rows; a feature without an entry has no table. */
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  /** Feature key → parents marked as processed and empty: grain columns, provenance, feature version. */
  readonly emptyParents?: Readonly<Record<string, readonly Row[]>>;
  readonly resolve: ResolveRequest;
}

export interface ResolveRequest {
  readonly feature: string;
  readonly samples?: readonly Row[];
  readonly filters?: Readonly<Record<string, readonly string[]>>;
  readonly globalFilters?: readonly string[];
  readonly targetFilters?: readonly string[];
  readonly staleIf?: readonly string[];
  readonly skipComparison?: boolean;
}

export interface NaiveIncrement {
  readonly grain: readonly string[];
  /** Units of work in each set. */
  readonly counts: { readonly new: number; readonly stale: number; readonly orphaned: number };
  readonly new: readonly Row[];
  /** With `metaxy_changed_fields`, in the order of the fields. */
  readonly stale: readonly Row[];
  readonly orphaned: readonly Row[];
}

/** Compares expected with stored, one unit of work after the other. */
export function resolveNaively(input: NaiveInput): NaiveIncrement {
  const { resolve, hashLength } = input;
  const definitions = defineFeatures(input.specs, hashLength);
  const feature = definitions.get(resolve.feature);
  if (feature === undefined) throw new Error(`no spec of ${resolve.feature}`);
  const grain = grainColumns(feature, definitions);
  const ownFilters = allHold(
    [
      ...(resolve.globalFilters ?? []),
      ...(resolve.targetFilters ?? []),
      ...(resolve.filters?.[feature.key] ?? []),
    ],
    feature.spec.properties,
  );
  const isStale = anyHolds(resolve.staleIf ?? [], feature.spec.properties);

  const expected =
    resolve.samples === undefined
      ? expectedFromUpstream(feature, input)
      : samplesAsExpected(feature, resolve.samples).filter((row) => ownFilters(row.columns));
  const emptyParentRows = emptyParentRowsOf(feature, input);
  const stored = [...currentRows(feature, input.tables[feature.key] ?? []), ...emptyParentRows].filter(
    ownFilters,
  );
  const expectedByGrain = groupBy(expected, (row) => keyOf(row.columns, grain));
  const storedByGrain = groupBy(resolve.skipComparison ? [] : stored, (row) => keyOf(row, grain));

  const isOutdated = (provenance: string) => (row: Row) =>
    row["metaxy_provenance"] !== provenance || (!emptyParentRows.includes(row) && isStale(row));

  const sets = { new: [] as Row[], stale: [] as Row[], orphaned: [] as Row[] };
  const counts = { new: 0, stale: 0, orphaned: 0 };
  for (const [key, rows] of expectedByGrain) {
    const provenance = onlyProvenance(feature, rows, hashLength);
    const found = storedByGrain.get(key);
    if (found === undefined) {
      counts.new += 1;
      sets.new.push(...rows.map((row) => printed(feature, row, hashLength)));
    } else if (found.some(isOutdated(provenance))) {
      counts.stale += 1;
      sets.stale.push(
        ...rows.map((row) => ({
          ...printed(feature, row, hashLength),
          metaxy_changed_fields: changedFields(feature, row.provenanceByField, found),
        })),
      );
    }
  }
  for (const [key, rows] of storedByGrain) {
    if (expectedByGrain.has(key)) continue;
    counts.orphaned += 1;
    sets.orphaned.push(sharedColumns(feature, rows));
  }
  return { grain, counts, ...sets };
}

function expectedFromUpstream(feature: FeatureDefinition, input: NaiveInput): ExpectedRow[] {
  const { resolve, hashLength, tables } = input;
  if (feature.deps.length === 0) {
    throw new OracleError("samples-required", `${feature.key} is a root: its samples have to be given`);
  }
  return expectedRows(feature, {
    definitions: defineFeatures(input.specs, hashLength),
    hashLength,
    tables,
    filtersOf: (key) => [...(resolve.globalFilters ?? []), ...(resolve.filters?.[key] ?? [])],
  });
}

function samplesAsExpected(feature: FeatureDefinition, samples: readonly Row[]): ExpectedRow[] {
  return samples.map((sample) => {
    const provenanceByField = sample["metaxy_provenance_by_field"] as VersionsByField;
    const dataVersionByField =
      (sample["metaxy_data_version_by_field"] as VersionsByField | undefined) ?? provenanceByField;
    const columns = Object.keys(feature.spec.properties).map((column) => [column, sample[column] ?? null]);
    return { columns: Object.fromEntries(columns), provenanceByField, dataVersionByField };
  });
}

/** Of each parent that is marked as empty a row that has only the parent's columns. */
function emptyParentRowsOf(feature: FeatureDefinition, input: NaiveInput): Row[] {
  const nulls = Object.fromEntries(Object.keys(feature.spec.properties).map((column) => [column, null]));
  return (input.emptyParents?.[feature.key] ?? [])
    .filter((emptyParent) => emptyParent["metaxy_feature_version"] === feature.featureVersion)
    .map((emptyParent) => ({ ...nulls, ...emptyParent }));
}

function onlyProvenance(
  feature: FeatureDefinition,
  rows: readonly ExpectedRow[],
  hashLength: number,
): string {
  const found = new Set(rows.map((row) => sampleVersion(feature, row.provenanceByField, hashLength)));
  const [provenance] = found;
  if (provenance === undefined || found.size > 1) {
    throw new OracleError("ambiguous-sample", `${feature.key}: one sample, ${found.size} provenances`);
  }
  return provenance;
}

function printed(feature: FeatureDefinition, row: ExpectedRow, hashLength: number): Row {
  return {
    ...row.columns,
    metaxy_provenance_by_field: row.provenanceByField,
    metaxy_provenance: sampleVersion(feature, row.provenanceByField, hashLength),
    metaxy_data_version_by_field: row.dataVersionByField,
    metaxy_data_version: sampleVersion(feature, row.dataVersionByField, hashLength),
  };
}

function changedFields(
  feature: FeatureDefinition,
  expected: VersionsByField,
  stored: readonly Row[],
): string[] {
  const changed = feature.fields.filter(({ member }) =>
    stored.some((row) => {
      const byField = row["metaxy_provenance_by_field"] as VersionsByField | null | undefined;
      return byField?.[member] !== expected[member];
    }),
  );
  return changed.map((field) => field.key);
}

const versionColumns = [
  "metaxy_provenance_by_field",
  "metaxy_provenance",
  "metaxy_data_version_by_field",
  "metaxy_data_version",
];

/** What all stored rows of a unit of work have in common; the whole row where there is one. */
function sharedColumns(feature: FeatureDefinition, rows: readonly Row[]): Row {
  const columns = [...Object.keys(feature.spec.properties), ...versionColumns];
  return Object.fromEntries(
    columns.map((column) => {
      const [value, ...others] = new Set(rows.map((row) => JSON.stringify(normalised(row[column]))));
      return [column, others.length > 0 || value === undefined ? null : JSON.parse(value)];
    }),
  );
}

/** An object with its members in order, so that equal values print equally. */
function normalised(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
