import { printType } from "../../runtime/columns/column-type.ts";
import { isStoredAlike } from "../../runtime/columns/stored-alike.ts";
import type { BoundFilter } from "../../runtime/filter/index.ts";
import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { foldCase } from "../parse/name-problems.ts";
import type { ParsedColumn } from "../parse/parsed-spec.ts";
import type { JoinedDep, JoinedFeature } from "./join-feature.ts";
import { lineageRules } from "./lineage-rules.ts";

/** What is wrong with the deps of a feature taken together, each being right by itself. */
export function checkJoin(feature: JoinedFeature): Diagnostic[] {
  const grains = [...checkDepGrains(feature)];
  const joins = grains.length > 0 ? grains : [...checkJoinColumns(feature)];
  const arrivals =
    joins.length === 0
      ? [...checkArrivals(feature), ...checkGrain(feature), ...checkExpansionIds(feature)]
      : [];
  return [...joins, ...checkSharedColumns(feature), ...arrivals];
}

/** Beside an expansion, every other dep has one row per parent. */
function* checkDepGrains(feature: JoinedFeature): Iterable<Diagnostic> {
  for (const dep of feature.deps) {
    const expansion = feature.deps.find((other) => other !== dep && hasUpstreamGrain(other));
    if (expansion === undefined || dep.grain.every((name) => feature.joinColumns.includes(name))) continue;
    yield createDiagnostic("dep-several-rows-per-parent", locationOf(feature, dep), {
      upstream: dep.upstream.key,
      grain: dep.grain,
      expansion: expansion.upstream.key,
      parent: expansion.grain,
    });
  }
}

function* checkJoinColumns(feature: JoinedFeature): Iterable<Diagnostic> {
  for (const dep of feature.deps) {
    for (const column of feature.joinColumns) {
      if (dep.names.has(column)) continue;
      yield createDiagnostic("join-column-missing", locationOf(feature, dep), {
        column,
        upstream: dep.upstream.key,
        onOwnIds: feature.joinedOnOwnIds,
        suggestion: suggest(column, dep.names.keys()),
      });
    }
  }
}

/** Two deps bring no column of one name, except those on which they are joined. */
function* checkArrivals(feature: JoinedFeature): Iterable<Diagnostic> {
  if (feature.deps.length < 2) return;
  const taken = new Map<string, { readonly dep: JoinedDep; readonly name: string }>();
  for (const dep of feature.deps) {
    for (const { name } of dep.columns) {
      if (feature.joinColumns.includes(name)) continue;
      const other = taken.get(foldCase(name));
      if (other === undefined) {
        taken.set(foldCase(name), { dep, name });
        continue;
      }
      yield createDiagnostic("column-arrives-twice", locationOf(feature, dep), {
        column: name,
        upstream: dep.upstream.key,
        otherColumn: other.name,
        otherUpstream: other.dep.upstream.key,
        selectable: isSelectable(dep, name) || isSelectable(other.dep, other.name),
      });
    }
  }
}

function* checkGrain(feature: JoinedFeature): Iterable<Diagnostic> {
  const { spec, deps, joinColumns, grain } = feature;
  if (deps.length > 0 && grain.length === 0 && deps.every(hasValidSelect)) {
    yield createDiagnostic("id-columns-not-brought", spec.document.locate(["feature", "idColumns"]), {
      feature: spec.key,
      ids: spec.idColumns,
    });
  }
  if (deps.length < 2) return;
  for (const column of grain) {
    const dep = deps.find(({ columns }) => columns.some(({ name }) => name === column));
    if (dep === undefined || !dep.parsed.optional || joinColumns.includes(column)) continue;
    yield createDiagnostic("id-column-optional", locationOf(feature, dep), {
      column,
      upstream: dep.upstream.key,
    });
  }
}

/** Ids that lack the parent's may be made twice, by two parents. */
function* checkExpansionIds({ spec, deps }: JoinedFeature): Iterable<Diagnostic> {
  for (const dep of deps.filter(hasUpstreamGrain)) {
    const missing = dep.grain.filter((name) => !spec.idColumns.includes(name));
    if (missing.length === 0) continue;
    yield createDiagnostic("expansion-ids-without-on", spec.document.locate(["feature", "idColumns"]), {
      upstream: dep.upstream.key,
      ids: spec.idColumns,
      missing,
    });
  }
}

/** Otherwise a misspelt name is what keeps an id column away. */
function hasValidSelect({ parsed, names }: JoinedDep): boolean {
  return (parsed.select ?? []).every((name) => names.has(name));
}

/** Whether `select` could leave the column out. */
function isSelectable(dep: JoinedDep, column: string): boolean {
  return !dep.ids.includes(column) && !dep.grain.includes(column);
}

function hasUpstreamGrain(dep: JoinedDep): boolean {
  return lineageRules[dep.lineage.type].workItem === "parent";
}

function locationOf(feature: JoinedFeature, dep: JoinedDep): SourceSpan {
  return feature.spec.document.locate(dep.parsed.featurePath);
}

/** A column on the way from one of the deps. */
interface Arrival {
  readonly dep: JoinedDep;
  readonly source: ParsedColumn;
}

/** What is wrong with the columns that upstream rows are joined on, and told apart by. */
function* checkSharedColumns(feature: JoinedFeature): Iterable<Diagnostic> {
  for (const column of new Set([...feature.joinColumns, ...feature.grain])) {
    const arrivals = feature.deps.flatMap((dep) => {
      const arriving = dep.columns.find(({ name }) => name === column);
      return arriving === undefined ? [] : [{ dep, source: arriving.source }];
    });
    yield* checkTypes(feature, column, arrivals);
    yield* checkNulls(feature, column, arrivals);
  }
}

/** Such a column has one type everywhere: this feature's own, if it declares the column. */
function* checkTypes(
  { spec }: JoinedFeature,
  column: string,
  arrivals: readonly Arrival[],
): Iterable<Diagnostic> {
  const own = spec.columns.find(({ name }) => name === column);
  const [first] = arrivals;
  if (first === undefined) return;
  const expected = own ?? first.source;
  for (const { dep, source } of arrivals) {
    if (isStoredAlike(source.type, expected.type)) continue;
    yield createDiagnostic("column-type-differs", spec.document.locate(dep.parsed.featurePath), {
      column,
      upstream: dep.upstream.key,
      type: printType(source.type),
      owner: own === undefined ? first.dep.upstream.key : spec.key,
      expected: printType(expected.type),
    });
  }
}

function* checkNulls(
  { spec }: JoinedFeature,
  column: string,
  arrivals: readonly Arrival[],
): Iterable<Diagnostic> {
  for (const { dep, source } of arrivals) {
    if (!source.nullable || excludesNulls(dep, column)) continue;
    const facts = { column, upstream: dep.upstream.key };
    yield createDiagnostic("join-column-nullable", spec.document.locate(dep.parsed.featurePath), facts);
  }
}

/** Whether the spec says itself that rows without the column take no part. */
function excludesNulls(dep: JoinedDep, column: string): boolean {
  return dep.where.some((result) => result.ok && requiresValue(result.value, column));
}

function requiresValue(filter: BoundFilter, column: string): boolean {
  if (filter.kind === "and") return filter.operands.some((operand) => requiresValue(operand, column));
  if (filter.kind !== "is-null" || !filter.negated) return false;
  const [name, ...members] = filter.column.path;
  return name === column && members.length === 0;
}
