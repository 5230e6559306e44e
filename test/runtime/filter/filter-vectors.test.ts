import { expect, test } from "vitest";
import { compileFilter } from "../../../runtime/filter/index.ts";
import { type IncrementCase, type IncrementVectors, readVectors } from "../../support/vectors.ts";
import { columnTypes } from "./columns.ts";

interface Spec {
  readonly properties: Readonly<Record<string, Property>>;
  readonly feature: { readonly key: string; readonly deps?: readonly (string | Dep)[] };
}

interface Property {
  readonly type: string | readonly string[];
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Property>>;
}

interface Dep {
  readonly feature: string;
  readonly rename?: Readonly<Record<string, string>>;
  readonly where?: readonly string[];
}

/** A recorded filter, and the columns that it may name. */
interface RecordedFilter {
  readonly filter: string;
  readonly columns: Readonly<Record<string, string>>;
}

const scalars: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  integer: "BIGINT",
  number: "DOUBLE",
  boolean: "BOOLEAN",
};

const cases = Object.values(readVectors<IncrementVectors>("increments")).flatMap((file) => file.cases);
const filtered = cases
  .map((recorded) => ({ recorded, filters: filtersOf(recorded) }))
  .filter(({ filters }) => filters.length > 0);

const refusals: Readonly<Record<string, string>> = {
  filterSyntax: "filter-syntax",
  unknownColumn: "unknown-column",
};

test("the recorded cases hold filters of every kind", () => {
  expect(filtered.length).toBeGreaterThan(90);
});

test.each(filtered.map(({ recorded, filters }) => [recorded.name, recorded, filters] as const))(
  "the filters of %s are accepted or refused as recorded",
  (_name, { expectError }, filters) => {
    const codes = filters.flatMap(({ filter, columns }) => {
      const compiled = compileFilter(filter, columnTypes(columns));
      return compiled.ok ? [] : compiled.problems.map(({ code }) => code);
    });
    expect([...new Set(codes)]).toEqual(expectError === undefined ? [] : [refusals[expectError.kind]]);
  },
);

function filtersOf({ specs, resolve }: IncrementCase): RecordedFilter[] {
  const byKey = new Map((specs as readonly Spec[]).map((spec) => [spec.feature.key, spec]));
  const columnsOf = (key: string) => typesOf(byKey.get(key)?.properties ?? {});
  const target = byKey.get(resolve.feature);
  const upstream = depsOf(target).map((dep) => dep.feature);
  const on = (keys: readonly string[], filters: unknown) =>
    keys.flatMap((key) => textsOf(filters).map((filter) => ({ filter, columns: columnsOf(key) })));
  return [
    ...[...byKey.values()].flatMap(depsOf).flatMap((dep) =>
      textsOf(dep.where).map((filter) => ({
        filter,
        columns: renamed(columnsOf(dep.feature), dep.rename ?? {}),
      })),
    ),
    ...Object.entries(resolve["filters"] ?? {}).flatMap(([key, filters]) => on([key], filters)),
    ...on([resolve.feature, ...upstream], resolve["globalFilters"]),
    ...on([resolve.feature], resolve["targetFilters"]),
    ...on([resolve.feature], resolve["staleIf"]),
  ];
}

function depsOf(spec: Spec | undefined): Dep[] {
  return (spec?.feature.deps ?? []).map((dep) => (typeof dep === "string" ? { feature: dep } : dep));
}

function textsOf(filters: unknown): string[] {
  return [(filters ?? []) as string | string[]].flat();
}

function renamed(
  columns: Readonly<Record<string, string>>,
  rename: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).map(([name, type]) => [rename[name] ?? name, type]));
}

function typesOf(properties: Readonly<Record<string, Property>>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, typeOf(property)]));
}

function typeOf({ type, format, properties }: Property): string {
  const [name = ""] = [type].flat().filter((each) => each !== "null");
  if (name !== "object")
    return { "date-time": "TIMESTAMPTZ", date: "DATE" }[format ?? ""] ?? scalars[name] ?? "JSON";
  const members = Object.entries(typesOf(properties ?? {})).map(([member, each]) => `"${member}" ${each}`);
  return `STRUCT(${members.join(", ")})`;
}
