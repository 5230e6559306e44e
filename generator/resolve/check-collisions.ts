import { type Diagnostic, type Location, report } from "../diagnostics/diagnostic.ts";
import type { ParsedSpec } from "../parse/parsed-spec.ts";
import { compareKeys, compareText } from "../source/compare-text.ts";
import type { JsonPath } from "../source/json-document.ts";
import { exportsOf, isExportName, memberOf, namesOf } from "./feature-name.ts";

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
  const modules = checkModules(ordered, schemasFolder);
  const keys = checkKeys(ordered);
  const tables = checkTables(keys.kept, schemasFolder);
  const exported = checkExports(tables.kept, schemasFolder);
  return [
    ...modules,
    ...keys.diagnostics,
    ...tables.diagnostics,
    ...exported,
    ...ordered.flatMap((spec) => [...checkMembers(spec)]),
  ];
}

/** Outcome of a comparison: the specs that keep their names, and what is wrong with the others. */
interface Compared {
  readonly kept: readonly ParsedSpec[];
  readonly diagnostics: readonly Diagnostic[];
}

const keyPath: JsonPath = ["feature", "key"];

function checkKeys(specs: readonly ParsedSpec[]): Compared {
  return keepFirst(
    specs,
    (spec) => spec.key,
    (spec, first) =>
      report("feature-key-duplicate", keyPlace(spec), { key: spec.key, other: keyPlace(first) }),
  );
}

function checkTables(specs: readonly ParsedSpec[], schemasFolder: string): Compared {
  const table = (spec: ParsedSpec) => namesOf(spec, schemasFolder).table;
  const reserved = specs
    .filter((spec) => reservedTable.test(table(spec)))
    .map((spec) => report("feature-key-reserved", keyPlace(spec), { key: spec.key, table: table(spec) }));
  const { kept, diagnostics } = keepFirst(specs, table, (spec, first) =>
    report("feature-table-collision", keyPlace(spec), {
      key: spec.key,
      table: table(spec),
      otherKey: first.key,
      other: keyPlace(first),
    }),
  );
  return { kept, diagnostics: [...reserved, ...diagnostics] };
}

/** Tables that the Python system and this one keep beside the data. */
const reservedTable = /^(metaxy_system(__|$)|stemma_)/;

function checkExports(specs: readonly ParsedSpec[], schemasFolder: string): Diagnostic[] {
  const holders = new Map<string, ParsedSpec>();
  return specs.flatMap((spec) => {
    const { name } = namesOf(spec, schemasFolder);
    const at = (): Location => spec.document.locate(namePath(spec));
    const facts = { name, key: spec.key, title: spec.title };
    if (!isExportName(name)) return [report("export-name-invalid", at(), facts)];
    if (importedNames.includes(name)) return [report("export-name-reserved", at(), facts)];
    const symbol = exportsOf(name).find((candidate) => holders.has(candidate));
    const holder = symbol === undefined ? undefined : holders.get(symbol);
    for (const candidate of exportsOf(name)) if (!holders.has(candidate)) holders.set(candidate, spec);
    if (symbol === undefined || holder === undefined) return [];
    const other = holder.document.locate(namePath(holder));
    return [report("export-name-collision", at(), { ...facts, symbol, otherKey: holder.key, other })];
  });
}

/** What generated modules import. */
const importedNames = ["Feature"];

/** Modules are compared without case, as some file systems do. */
function checkModules(specs: readonly ParsedSpec[], schemasFolder: string): readonly Diagnostic[] {
  const start: JsonPath = [];
  const module = (spec: ParsedSpec) => namesOf(spec, schemasFolder).module;
  const reserved = specs
    .filter((spec) => reservedModule.test(module(spec)))
    .map((spec) => report("module-path-reserved", spec.document.locate(start), { module: module(spec) }));
  const { diagnostics } = keepFirst(
    specs,
    (spec) => module(spec).toLowerCase(),
    (spec, first) =>
      report("module-path-collision", spec.document.locate(start), {
        module: module(spec),
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
    else yield report("field-member-collision", spec.document.locate(path), { field: key, other, member });
  }
}

function keepFirst(
  specs: readonly ParsedSpec[],
  nameOf: (spec: ParsedSpec) => string,
  complain: (spec: ParsedSpec, first: ParsedSpec) => Diagnostic,
): Compared {
  const holders = new Map<string, ParsedSpec>();
  const diagnostics: Diagnostic[] = [];
  for (const spec of specs) {
    const first = holders.get(nameOf(spec));
    if (first === undefined) holders.set(nameOf(spec), spec);
    else diagnostics.push(complain(spec, first));
  }
  return { kept: [...holders.values()], diagnostics };
}

function keyPlace(spec: ParsedSpec): Location {
  return spec.document.locate(keyPath);
}

/** Where the export's name comes from. */
function namePath(spec: ParsedSpec): JsonPath {
  return spec.title === undefined ? keyPath : ["title"];
}
