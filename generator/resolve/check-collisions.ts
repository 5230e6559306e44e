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
interface Compared {
  readonly kept: readonly Named[];
  readonly diagnostics: readonly Diagnostic[];
}

const keyPath: JsonPath = ["feature", "key"];

function checkKeys(specs: readonly Named[]): Compared {
  return keepFirst(
    specs,
    ({ spec }) => spec.key,
    ({ spec }, first) =>
      createDiagnostic("feature-key-duplicate", keyPlace(spec), { key: spec.key, other: keyPlace(first) }),
  );
}

function checkTables(specs: readonly Named[]): Compared {
  const reserved = specs
    .filter(({ table }) => reservedTable.test(table))
    .map(({ spec, table }) =>
      createDiagnostic("feature-key-reserved", keyPlace(spec), { key: spec.key, table }),
    );
  const { kept, diagnostics } = keepFirst(
    specs,
    ({ table }) => table,
    ({ spec, table }, first) =>
      createDiagnostic("feature-table-collision", keyPlace(spec), {
        key: spec.key,
        table,
        otherKey: first.key,
        other: keyPlace(first),
      }),
  );
  return { kept, diagnostics: [...reserved, ...diagnostics] };
}

/** Tables that the Python system and this one keep beside the data. */
const reservedTable = /^(metaxy_system(__|$)|stemma_)/;

function checkExports(specs: readonly Named[]): Diagnostic[] {
  const holders = new Map<string, ParsedSpec>();
  return specs.flatMap(({ spec, name }) => {
    const at = (): SourceSpan => spec.document.locate(namePath(spec));
    const facts = { name, key: spec.key, title: spec.title };
    if (!isExportName(name)) return [createDiagnostic("export-name-invalid", at(), facts)];
    if (importedNames.includes(name)) return [createDiagnostic("export-name-reserved", at(), facts)];
    const symbol = exportsOf(name).find((candidate) => holders.has(candidate));
    const holder = symbol === undefined ? undefined : holders.get(symbol);
    for (const candidate of exportsOf(name)) if (!holders.has(candidate)) holders.set(candidate, spec);
    if (symbol === undefined || holder === undefined) return [];
    const other = holder.document.locate(namePath(holder));
    return [
      createDiagnostic("export-name-collision", at(), { ...facts, symbol, otherKey: holder.key, other }),
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

/** The index of all modules, a file without a name, a declaration file, and what can't stand in an import. */
const reservedModule = /^index$|(^|\/)$|\.d$|[#?%\\]/i;

function* checkMembers(spec: ParsedSpec): Iterable<Diagnostic> {
  const holders = new Map<string, string>();
  for (const { key, keyPath: path } of spec.fields) {
    const member = memberOf(key);
    const other = holders.get(member);
    if (other === undefined) holders.set(member, key);
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
  complain: (spec: Named, first: ParsedSpec) => Diagnostic,
): Compared {
  const holders = new Map<string, Named>();
  const diagnostics: Diagnostic[] = [];
  for (const spec of specs) {
    const name = nameOf(spec);
    const first = holders.get(name);
    if (first === undefined) holders.set(name, spec);
    else diagnostics.push(complain(spec, first.spec));
  }
  return { kept: [...holders.values()], diagnostics };
}

function keyPlace(spec: ParsedSpec): SourceSpan {
  return spec.document.locate(keyPath);
}

/** Where the export's name comes from. */
function namePath(spec: ParsedSpec): JsonPath {
  return spec.title === undefined ? keyPath : ["title"];
}
