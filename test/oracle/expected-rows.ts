import { byCodePoint } from "./code-point-order.ts";
import { currentRows } from "./current-rows.ts";
import type { Definitions, FeatureDefinition } from "./definitions.ts";
import { allHold } from "./filter-truth.ts";
import { carriedColumns, groupColumns, joinColumns, renamed, renamedIds } from "./join-columns.ts";
import { OracleError } from "./oracle-error.ts";
import { groupBy, keyOf, type Row } from "./row.ts";
import { fieldProvenance, sampleHash, type VersionsByField } from "./sample-versions.ts";
import type { DepDocument, PropertySchema } from "./spec-document.ts";

/** A row that should be stored, with the versions of its fields. */
export interface ExpectedRow {
  readonly columns: Row;
  readonly provenanceByField: VersionsByField;
  readonly dataVersionByField: VersionsByField;
}

/** What the expected rows of a feature are made from. */
export interface UpstreamState {
  readonly definitions: Definitions;
  readonly hashLength: number;
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  /** Run-time filters of a feature, in its own column names. */
  filtersOf(feature: string): readonly string[];
}

/** The expected rows of a feature with deps: its upstreams' current rows, joined. */
export function expectedRows(feature: FeatureDefinition, state: UpstreamState): ExpectedRow[] {
  const join = joinColumns(feature, state.definitions);
  const sides = feature.deps.map((dep) => readDep(feature, dep, join, state));
  const keys = new Set(sides.flatMap((side) => [...side.rows.keys()]));
  return [...keys]
    .flatMap((key) => combinations(sides, key))
    .map((parts) => joined(feature, parts, state.hashLength));
}

/** An upstream's rows by join key, and what stands for a missing one. */
interface Side {
  readonly optional: boolean;
  readonly rows: ReadonlyMap<string, readonly Part[]>;
  readonly missing: Part;
}

/** What one upstream row brings. */
interface Part {
  /** Under the names after rename. */
  readonly columns: Row;
  /** Data versions by full field name. */
  readonly values: ReadonlyMap<string, string | null>;
}

function readDep(
  feature: FeatureDefinition,
  dep: DepDocument,
  join: readonly string[],
  state: UpstreamState,
): Side {
  const { definitions } = state;
  const group = groupColumns(feature, dep) ?? [];
  const arriving = arrivingRows(feature, dep, state).filter((part) =>
    [...join, ...group].every((column) => part.columns[column] !== null),
  );
  const parts = dep.lineage?.type === "aggregation" ? aggregate(arriving, dep, group, state) : arriving;
  const carried = carriedColumns(feature, dep, definitions);
  const nulls = carried.filter((column) => !join.includes(column)).map((column) => [column, null]);
  return {
    optional: dep.optional ?? false,
    rows: groupBy(
      parts.map((part) => ({ ...part, columns: pick(part.columns, carried) })),
      (part) => keyOf(part.columns, join),
    ),
    missing: { columns: Object.fromEntries(nulls), values: new Map() },
  };
}

/** Current rows of the upstream: filtered in its own names, renamed, then filtered by `where`. */
function arrivingRows(feature: FeatureDefinition, dep: DepDocument, state: UpstreamState): Part[] {
  const upstream = state.definitions.get(dep.feature);
  if (upstream === undefined) throw new Error(`no definition of ${dep.feature}`);
  const { properties } = upstream.spec;
  const passes = allHold(state.filtersOf(upstream.key), properties);
  const where = allHold(dep.where ?? [], renameKeys(dep, properties) as Record<string, PropertySchema>);
  const table = state.tables[upstream.key];
  if (table === undefined && !dep.optional) {
    throw new OracleError("upstream-missing", `${feature.key} needs ${upstream.key}, which has no table`);
  }
  return currentRows(upstream, table ?? [])
    .filter(passes)
    .map((row) => ({
      columns: renameKeys(dep, pick(row, Object.keys(properties))),
      values: valuesOf(upstream, row),
    }))
    .filter((part) => where(part.columns));
}

function valuesOf(upstream: FeatureDefinition, row: Row): Map<string, string | null> {
  const byField = row["metaxy_data_version_by_field"] as Readonly<Record<string, string | null>> | null;
  return new Map(upstream.fields.map(({ fullName, member }) => [fullName, byField?.[member] ?? null]));
}

/** Gives every row the values of its whole group. */
function aggregate(
  parts: readonly Part[],
  dep: DepDocument,
  group: readonly string[],
  state: UpstreamState,
): Part[] {
  const ids = renamedIds(dep, state.definitions);
  return [...groupBy(parts, (part) => keyOf(part.columns, group)).values()].flatMap((members) => {
    const inOrder = members.toSorted((a, b) => compareBy(ids, a.columns, b.columns));
    const names = [...(members[0]?.values.keys() ?? [])];
    const values = new Map(
      names.map((name) => {
        const texts = inOrder
          .map((member) => member.values.get(name))
          .filter((value) => typeof value === "string");
        return [name, sampleHash(texts.join("|"), state.hashLength)];
      }),
    );
    return members.map((member) => ({ ...member, values }));
  });
}

function compareBy(columns: readonly string[], left: Row, right: Row): number {
  for (const column of columns) {
    const order = compareIds(left[column], right[column]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareIds(left: unknown, right: unknown): number {
  if (typeof left === "string" && typeof right === "string") return byCodePoint(left, right);
  const [a, b] = [left as number, right as number];
  return a < b ? -1 : Number(a > b);
}

/** Every way to take a row of each side; none where a required side has no row. */
function combinations(sides: readonly Side[], key: string): Part[][] {
  return sides.reduce<Part[][]>(
    (found, side) => {
      const rows = side.rows.get(key) ?? (side.optional ? [side.missing] : []);
      return found.flatMap((parts) => rows.map((row) => [...parts, row]));
    },
    [[]],
  );
}

function joined(feature: FeatureDefinition, parts: readonly Part[], hashLength: number): ExpectedRow {
  const values = new Map(parts.flatMap((part) => [...part.values]));
  const provenanceByField = Object.fromEntries(
    feature.fields.map((field) => [field.member, fieldProvenance(field, values, hashLength)]),
  );
  return {
    columns: Object.assign({}, ...parts.map((part) => part.columns)),
    provenanceByField,
    dataVersionByField: provenanceByField,
  };
}

function renameKeys(dep: DepDocument, values: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(values).map(([column, value]) => [renamed(dep, column), value]));
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}
