import { printType } from "../../runtime/columns/column-type.ts";
import { isStoredAlike } from "../../runtime/columns/stored-alike.ts";
import type { BoundFilter } from "../../runtime/filter/index.ts";
import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ParsedColumn } from "../parse/parsed-spec.ts";
import type { JoinedDep, JoinedFeature } from "./join-feature.ts";

/** A column on the way from one of the deps. */
interface Arrival {
  readonly dep: JoinedDep;
  readonly source: ParsedColumn;
}

/** What is wrong with the columns that upstream rows are joined on, and told apart by. */
export function* checkSharedColumns(feature: JoinedFeature): Iterable<Diagnostic> {
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
