import { printType } from "../../runtime/columns/column-type.ts";
import type { RenamedFrom } from "../../runtime/contract.ts";
import { createDiagnostic, type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import type { RenamedKind } from "../diagnostics/rename-rules.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { ReadSources } from "../source/index.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { valueAt } from "../source/json-pointer.ts";
import { type CheckedShape, checkShape } from "./check-shape.ts";
import type { DepEntry, FeatureSpec, FieldDeps, FieldEntry, FieldsMapping } from "./feature-spec.ts";
import { foldCase, nameProblem, reservedName } from "./name-problems.ts";
import { type ParsedColumns, parseColumns } from "./parse-columns.ts";
import type { ParsedDep, ParsedField, ParsedFieldsMapping, ParsedSpec } from "./parsed-spec.ts";
import { initialCodeVersion } from "./parsed-spec.ts";
import { type ListItem, validItems } from "./valid-items.ts";

/** Outcome of parsing one spec. */
export interface ParseResult {
  /** Absent when there are errors. */
  readonly spec: ParsedSpec | undefined;
  /** The feature's key, if there is anything like one. */
  readonly key: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks one spec in itself and fills its defaults in. What has the right shape is checked further, whatever else has not. */
export function parseSpec(document: JsonDocument, sources: ReadSources): ParseResult {
  const shape = checkShape(document, [], "#");
  const columns = parseColumns(document, shape, sources);
  const ids = validItems<string>(document, shape, ["feature", "idColumns"]);
  const fields = validItems<FieldEntry>(document, shape, ["feature", "fields"]);
  const diagnostics = [
    ...shape.diagnostics,
    ...columns.diagnostics,
    ...idColumnProblems(ids, columns, document),
    ...duplicateFields(fields, document),
    ...renamedFromProblems(document, shape, columns.declared.keys(), fields),
  ];
  const key = valueAt(document.value, ["feature", "key"]);
  return {
    spec: hasErrors(diagnostics) ? undefined : completeSpec(document, columns),
    key: typeof key === "string" ? key : undefined,
    diagnostics,
  };
}

/** The spec of a document in which nothing is wrong. */
function completeSpec(document: JsonDocument, columns: ParsedColumns): ParsedSpec {
  const spec = document.value as FeatureSpec;
  const { title, description, feature } = spec;
  const renamedFrom = renamedFromOf(spec);
  const path = ["feature"];
  return {
    document,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    columns: [...columns.declared.values()].filter((column) => column !== undefined),
    key: feature.key,
    idColumns: feature.idColumns,
    deps: (feature.deps ?? []).map((dep, index) => parseDep(dep, [...path, "deps", index])),
    fields: feature.fields?.map((field, index) => parseField(field, [...path, "fields", index])) ?? [
      defaultField(path),
    ],
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
    metadata: feature.metadata ?? {},
  };
}

function* duplicateFields(
  fields: readonly ListItem<FieldEntry>[],
  document: JsonDocument,
): Iterable<Diagnostic> {
  const keys = new Set<string>();
  for (const { value, path } of fields) {
    const { key, keyPath } = parseField(value, path);
    if (keys.has(key)) yield createDiagnostic("duplicate-field", document.locate(keyPath), { field: key });
    keys.add(key);
  }
}

/** What is wrong with id columns. One that is declared, but whose schema is reported, is not judged. */
export function* idColumnProblems(
  ids: readonly ListItem<string>[],
  { declared, required }: ParsedColumns,
  document: JsonDocument,
): Iterable<Diagnostic> {
  for (const { value: column, path } of ids) {
    const at = (): SourceSpan => document.locate(path);
    const found = declared.get(column);
    if (!declared.has(column)) {
      yield createDiagnostic("id-column-unknown", at(), {
        column,
        suggestion: suggest(column, declared.keys()),
      });
    } else if (!required.has(column) || found?.nullable === true) {
      yield createDiagnostic("id-column-nullable", at(), { column, required: required.has(column) });
    }
    if (found !== undefined && found.type.kind !== "scalar") {
      yield createDiagnostic("id-column-type", at(), { column, type: printType(found.type) });
    }
  }
}

/** A dependency with its defaults filled in. */
function parseDep(entry: DepEntry, path: JsonPath): ParsedDep {
  const dep = typeof entry === "string" ? { feature: entry } : entry;
  return {
    feature: dep.feature,
    ...(dep.select === undefined ? {} : { select: dep.select }),
    rename: dep.rename ?? {},
    where: dep.where ?? [],
    optional: dep.optional ?? false,
    lineage: dep.lineage ?? { type: "identity" },
    fieldsMapping: parseMapping(dep.fieldsMapping ?? { type: "default" }),
    path,
    featurePath: typeof entry === "string" ? path : [...path, "feature"],
  };
}

function parseMapping(mapping: FieldsMapping): ParsedFieldsMapping {
  if (mapping.type !== "default") return mapping;
  return {
    type: "default",
    matchSuffix: mapping.matchSuffix ?? false,
    excludeFields: mapping.excludeFields ?? [],
  };
}

/** A field with its defaults filled in. */
function parseField(entry: FieldEntry, path: JsonPath): ParsedField {
  const field = typeof entry === "string" ? { key: entry } : entry;
  return {
    key: field.key,
    codeVersion: field.codeVersion ?? initialCodeVersion,
    ...(field.deps === undefined ? {} : { deps: parseFieldDeps(field.deps, [...path, "deps"]) }),
    path,
    keyPath: typeof entry === "string" ? path : [...path, "key"],
  };
}

function parseFieldDeps(entry: FieldDeps, path: JsonPath): NonNullable<ParsedField["deps"]> {
  if (entry === "all") return entry;
  return entry.map((dep, index) => ({
    feature: dep.feature,
    fields: dep.fields ?? "all",
    path: [...path, index],
  }));
}

/** The field of a feature that names none. */
function defaultField(path: JsonPath): ParsedField {
  return parseField("default", path);
}

/** What a spec says that was called otherwise; undefined where nothing was. */
function renamedFromOf({ properties, feature }: FeatureSpec): RenamedFrom | undefined {
  const columns = Object.entries(properties).map(([name, { renamedFrom }]) => [name, renamedFrom] as const);
  const fields = (feature.fields ?? []).map((field) =>
    typeof field === "string" ? ([field, undefined] as const) : ([field.key, field.renamedFrom] as const),
  );
  const renamedFrom = {
    ...(feature.renamedFrom === undefined ? {} : { feature: feature.renamedFrom }),
    ...partOf("fields", fields),
    ...partOf("columns", columns),
  };
  return Object.keys(renamedFrom).length === 0 ? undefined : renamedFrom;
}

function partOf(
  part: "fields" | "columns",
  names: readonly (readonly [name: string, from: string | undefined])[],
): RenamedFrom {
  const renamed = names.flatMap(([name, from]) => (from === undefined ? [] : [[name, from] as const]));
  return renamed.length === 0 ? {} : { [part]: Object.fromEntries(renamed) };
}

/** A name that was another one. */
interface Renamed {
  readonly name: string;
  readonly from: string;
  /** Path of `renamedFrom`. */
  readonly path: JsonPath;
}

/** What is wrong with the `renamedFrom` of a spec by itself. */
function* renamedFromProblems(
  document: JsonDocument,
  shape: CheckedShape,
  columns: Iterable<string>,
  fields: readonly ListItem<FieldEntry>[],
): Iterable<Diagnostic> {
  const names = [...columns];
  const renamedColumns = names.flatMap((name) => renamedAt(document, shape, ["properties", name], name));
  for (const { from, path } of renamedColumns) yield* nameProblems(from, document.locate(path));
  yield* problemsAmong("column", renamedColumns, new Set(names.map(foldCase)), document);

  const keys = fields.map(({ value }) => (typeof value === "string" ? value : value.key));
  const renamedFields = fields.flatMap(({ path }, index) =>
    renamedAt(document, shape, path, keys[index] ?? ""),
  );
  yield* problemsAmong("field", renamedFields, new Set(keys), document);

  const key = valueAt(document.value, ["feature", "key"]);
  const renamedFeature = renamedAt(document, shape, ["feature"], String(key));
  yield* problemsAmong("feature", renamedFeature, new Set(), document);
}

function renamedAt(document: JsonDocument, shape: CheckedShape, parent: JsonPath, name: string): Renamed[] {
  const path = [...parent, "renamedFrom"];
  const from = valueAt(document.value, path);
  return typeof from === "string" && shape.isValid(path) ? [{ name, from, path }] : [];
}

function* problemsAmong(
  kind: RenamedKind,
  renamed: readonly Renamed[],
  existing: ReadonlySet<string>,
  document: JsonDocument,
): Iterable<Diagnostic> {
  // DuckDB compares the names of columns without their case.
  const fold = kind === "column" ? foldCase : (name: string) => name;
  const known = new Map<string, string>();
  for (const { name, from, path } of renamed) {
    const at = (): SourceSpan => document.locate(path);
    const other = known.get(fold(from));
    if (fold(from) === fold(name)) yield createDiagnostic("renamed-from-itself", at(), { kind, from, name });
    else if (existing.has(fold(from))) yield createDiagnostic("renamed-from-exists", at(), { kind, from });
    else if (other !== undefined) yield createDiagnostic("renamed-from-twice", at(), { kind, from, other });
    else known.set(fold(from), name);
  }
}

function* nameProblems(name: string, at: SourceSpan): Iterable<Diagnostic> {
  const problem = nameProblem(name);
  const reserved = reservedName(name);
  if (problem !== undefined) yield createDiagnostic("bad-column-name", at, { name, problem });
  // A name that is no longer free may be what a column was called.
  if (reserved?.kind === "prefix") yield createDiagnostic("reserved-column-name", at, { name, reserved });
}
