import { printType } from "../../runtime/columns/column-type.ts";
import { isStoredAlike } from "../../runtime/columns/stored-alike.ts";
import type { Lineage, PlanTraits } from "../../runtime/contract.ts";
import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { ParsedColumn, ParsedDep, ParsedSpec } from "../parse/parsed-spec.ts";
import type { LinkedDep } from "./linked-feature.ts";

/** What a kind of lineage answers for. */
export interface LineageRules {
  /** The columns of which the dep brings one row, or one group, each. */
  grain(facts: GrainFacts): readonly string[];
  /** The lineage with `on` filled in. */
  withGrain(grain: readonly string[]): Lineage;
  /** What a feature computes at a time from such a dep. `parent`: the grain is the upstream's, not the feature's own ids. */
  readonly workItem: PlanTraits["workItem"];
  /** How its upstream rows enter the lineage inputs: each row by itself, or one row per group of `on`. */
  readonly inputs: "rows" | "groups";
  /** Whether a work item may have no outputs. */
  readonly mayBeEmpty: boolean;
  /** Whether the order of the upstream's id columns decides the provenance. */
  readonly orderSensitive: boolean;
  /** Whether the upstream rows of some join columns alone decide what the dep brings to them. `on`: those of the lineage. */
  isLocalTo(joinColumns: readonly string[], on: readonly string[]): boolean;
  /** What is wrong with `on`. */
  check(dep: LinkedDep, feature: ParsedSpec): Iterable<Diagnostic>;
}

/** What the grain of a dep may follow from. */
export interface GrainFacts {
  /** `on` as the spec has it. */
  readonly on: readonly string[] | undefined;
  /** The upstream's ids after rename. */
  readonly upstreamIds: readonly string[];
  /** The ids of the feature that has the dep. */
  readonly ownIds: readonly string[];
}

/** The rules of each kind: shared code asks them, and never compares kinds itself. */
export const lineageRules: { readonly [kind in Lineage["type"]]: LineageRules } = {
  identity: {
    grain: ({ upstreamIds }) => upstreamIds,
    withGrain: () => ({ type: "identity" }),
    workItem: "sample",
    inputs: "rows",
    mayBeEmpty: false,
    orderSensitive: false,
    isLocalTo: () => true,
    check: () => [],
  },
  aggregation: {
    grain: ({ on, ownIds }) => on ?? ownIds,
    withGrain: (on) => ({ type: "aggregation", on }),
    workItem: "group",
    inputs: "groups",
    mayBeEmpty: false,
    orderSensitive: true,
    isLocalTo: (joinColumns, on) => joinColumns.every((column) => on.includes(column)),
    check: checkAggregation,
  },
  expansion: {
    grain: ({ on }) => on ?? [],
    withGrain: (on) => ({ type: "expansion", on }),
    workItem: "parent",
    inputs: "rows",
    mayBeEmpty: true,
    orderSensitive: false,
    isLocalTo: () => true,
    check: checkExpansion,
  },
};

/** The columns of a lineage: its `on`, where its kind has one. */
export function columnsOf(lineage: Lineage): readonly string[] {
  return "on" in lineage ? lineage.on : [];
}

/** `on` as a spec has it, where its kind of lineage has one. */
export function declaredOn({ lineage }: ParsedDep): readonly string[] | undefined {
  return "on" in lineage ? lineage.on : undefined;
}

function* checkAggregation(dep: LinkedDep, feature: ParsedSpec): Iterable<Diagnostic> {
  const declared = declaredOn(dep.parsed);
  for (const [index, column] of dep.grain.entries()) {
    const path =
      declared === undefined ? dep.parsed.featurePath : [...dep.parsed.path, "lineage", "on", index];
    const at = (): SourceSpan => feature.document.locate(path);
    if (!feature.idColumns.includes(column)) {
      yield createDiagnostic("aggregation-on-not-an-id", at(), { column, ids: feature.idColumns });
    } else if (!dep.names.has(column)) {
      yield createDiagnostic("lineage-column-missing", at(), {
        column,
        upstream: dep.upstream.key,
        byDefault: declared === undefined,
        suggestion: suggest(column, dep.names.keys()),
      });
    }
  }
}

function* checkExpansion(dep: LinkedDep, feature: ParsedSpec): Iterable<Diagnostic> {
  const onPath = [...dep.parsed.path, "lineage", "on"];
  const ids = new Set(dep.ids);
  if (ids.size !== dep.grain.length || !dep.grain.every((column) => ids.has(column))) {
    yield createDiagnostic("expansion-on-not-upstream-ids", feature.document.locate(onPath), {
      on: dep.grain,
      upstream: dep.upstream.key,
      ids: dep.ids,
    });
    return;
  }
  for (const [index, column] of dep.grain.entries()) {
    const own = feature.columns.find(({ name }) => name === column);
    const at = (): SourceSpan => feature.document.locate([...onPath, index]);
    if (own === undefined) {
      yield createDiagnostic("expansion-column-undeclared", at(), { column, upstream: dep.upstream.key });
    } else if (own.nullable) {
      yield createDiagnostic("expansion-column-nullable", at(), { column, upstream: dep.upstream.key });
    } else {
      yield* checkExpansionType(dep, own, feature, at);
    }
  }
}

function* checkExpansionType(
  dep: LinkedDep,
  own: ParsedColumn,
  feature: ParsedSpec,
  at: () => SourceSpan,
): Iterable<Diagnostic> {
  const arriving = dep.names.get(own.name);
  if (arriving === undefined || isStoredAlike(arriving.type, own.type)) return;
  yield createDiagnostic("column-type-differs", at(), {
    column: own.name,
    upstream: dep.upstream.key,
    type: printType(arriving.type),
    owner: feature.key,
    expected: printType(own.type),
  });
}
