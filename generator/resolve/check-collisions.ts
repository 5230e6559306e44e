import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import type { ParsedSpec } from "../parse/parsed-spec.ts";
import { compareKeys, compareText } from "../source/compare-text.ts";
import type { JsonPath } from "../source/json-document.ts";
import { exportsOf, type FeatureNames, isExportName, memberOf, namesOf } from "./feature-name.ts";

/**
 * What is wrong with the names of features and fields, within the project and with what is reserved.
 *
 * Of those that collide, the first by key and file keeps the name, whatever the order of the input, and takes part in
 * the next comparison; the others are reported, once.
 */
export function checkCollisions(specs: readonly ParsedSpec[], schemasFolder: string): Diagnostic[] {
  const ordered = [...specs].sort(
    (a, b) => compareKeys(a.key, b.key) || compareText(a.document.file, b.document.file),
  );
  const all = ordered.map((spec) => ({ spec, ...namesOf(spec, schemasFolder) }));
  const modules = checkModules(all);
  const keys = checkKeys(all);
  const tables = checkTables(keys.kept);
  const exported = checkExports(tables.kept);
  return [
    ...modules,
    ...keys.diagnostics,
    ...tables.diagnostics,
    ...exported,
    ...ordered.flatMap((spec) => [...checkMembers(spec)]),
  ];
}

/** A spec and the names that its feature goes by. */
interface Named extends FeatureNames {
  readonly spec: ParsedSpec;
}

/** Outcome of a comparison: the specs that keep their names, and what is wrong with the others. */
interface CollisionResult {
  readonly kept: readonly Named[];
  readonly diagnostics: readonly Diagnostic[];
}

const keyPath: JsonPath = ["feature", "key"];

function checkKeys(specs: readonly Named[]): CollisionResult {
  return keepFirst(
    specs,
    ({ spec }) => spec.key,
    ({ spec }, first) =>
      createDiagnostic("feature-key-duplicate", keyLocation(spec), {
        key: spec.key,
        other: keyLocation(first),
      }),
  );
}

function checkTables(specs: readonly Named[]): CollisionResult {
  const reserved = specs
    .filter(({ table }) => reservedTable.test(table))
    .map(({ spec, table }) =>
      createDiagnostic("feature-key-reserved", keyLocation(spec), { key: spec.key, table }),
    );
  const { kept, diagnostics } = keepFirst(
    specs,
    ({ table }) => table,
    ({ spec, table }, first) =>
      createDiagnostic("feature-table-collision", keyLocation(spec), {
        key: spec.key,
        table,
        otherKey: first.key,
        other: keyLocation(first),
      }),
  );
  return { kept, diagnostics: [...reserved, ...diagnostics] };
}

/** Tables that the Python system and this one keep for themselves. */
const reservedTable = /^(metaxy_system(__|$)|stemma_)/;

function checkExports(specs: readonly Named[]): Diagnostic[] {
  const owners = new Map<string, ParsedSpec>();
  return specs.flatMap(({ spec, name }) => {
    const at = (): SourceSpan => spec.document.locate(namePath(spec));
    const facts = { name, key: spec.key, title: spec.title };
    if (!isExportName(name)) return [createDiagnostic("export-name-invalid", at(), facts)];
    if (importedNames.includes(name)) return [createDiagnostic("export-name-reserved", at(), facts)];
    const symbol = exportsOf(name).find((candidate) => owners.has(candidate));
    const owner = symbol === undefined ? undefined : owners.get(symbol);
    for (const candidate of exportsOf(name)) if (!owners.has(candidate)) owners.set(candidate, spec);
    if (symbol === undefined || owner === undefined) return [];
    const other = owner.document.locate(namePath(owner));
    return [
      createDiagnostic("export-name-collision", at(), { ...facts, symbol, otherKey: owner.key, other }),
    ];
  });
}

/** What generated modules import. */
const importedNames = ["Feature"];

/** Modules are compared without case, as some file systems do. */
function checkModules(specs: readonly Named[]): readonly Diagnostic[] {
  const start: JsonPath = [];
  const reserved = specs
    .filter(({ module }) => reservedModule.test(module))
    .map(({ spec, module }) =>
      createDiagnostic("module-path-reserved", spec.document.locate(start), { module }),
    );
  const { diagnostics } = keepFirst(
    specs,
    ({ module }) => module.toLowerCase(),
    ({ spec, module }, first) =>
      createDiagnostic("module-path-collision", spec.document.locate(start), {
        module,
        other: first.document.file,
      }),
  );
  return [...reserved, ...diagnostics];
}

/** The index of all modules, a file without a name, a declaration file, and what an import can't name. */
const reservedModule = /^index$|(^|\/)$|\.d$|[#?%\\]/i;

function* checkMembers(spec: ParsedSpec): Iterable<Diagnostic> {
  const owners = new Map<string, string>();
  for (const { key, keyPath: path } of spec.fields) {
    const member = memberOf(key);
    const other = owners.get(member);
    if (other === undefined) owners.set(member, key);
    else
      yield createDiagnostic("field-member-collision", spec.document.locate(path), {
        field: key,
        other,
        member,
      });
  }
}

function keepFirst(
  specs: readonly Named[],
  nameOf: (spec: Named) => string,
  createProblem: (spec: Named, first: ParsedSpec) => Diagnostic,
): CollisionResult {
  const owners = new Map<string, Named>();
  const diagnostics: Diagnostic[] = [];
  for (const spec of specs) {
    const name = nameOf(spec);
    const first = owners.get(name);
    if (first === undefined) owners.set(name, spec);
    else diagnostics.push(createProblem(spec, first.spec));
  }
  return { kept: [...owners.values()], diagnostics };
}

function keyLocation(spec: ParsedSpec): SourceSpan {
  return spec.document.locate(keyPath);
}

/** Where the export's name comes from. */
function namePath(spec: ParsedSpec): JsonPath {
  return spec.title === undefined ? keyPath : ["title"];
}
