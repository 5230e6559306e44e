import type { Manifest, ManifestColumn, ManifestDep, ManifestFeature } from "../manifest/manifest.ts";
import { locateEdit } from "./attribution/edit.ts";
import type { Trace } from "./attribution/trace-causes.ts";
import { findBlockers } from "./find-blockers.ts";
import { findRevert, type HistoryEntry } from "./history-entry.ts";
import { constraintKeywords } from "./model/column-view.ts";
import { arrivingNames } from "./model/feature-facts.ts";
import { isSame } from "./model/is-same.ts";
import {
  type FeatureInBoth,
  type FeaturePair,
  type FieldPair,
  isInBoth,
  isMoved,
  type ProjectPair,
} from "./model/project-pair.ts";
import type { SpecDocuments } from "./model/spec-paths.ts";
import type {
  Cause,
  Change,
  FeatureDiff,
  FeatureState,
  FeatureStatus,
  FieldDiff,
  FieldStatus,
  PrunedBranch,
} from "./model/version-diff.ts";
import type { Recompute, TypesEffect } from "./rules/rule.ts";
import { isConsequence } from "./rules/rules.ts";

/** The analysis of the whole project, from which each feature is diffed. */
export interface DiffAnalysis {
  readonly project: ProjectPair;
  readonly specs: SpecDocuments;
  readonly history: readonly HistoryEntry[];
  /** The state after. */
  readonly current: Manifest;
  /** The features of the state after, upstream first. */
  readonly order: readonly string[];
  /** By full name of the field. */
  readonly traces: ReadonlyMap<string, readonly Trace[]>;
  /** By feature key. */
  readonly changes: ReadonlyMap<string, readonly Change[]>;
}

/** Combines the versions, causes and changes of a feature. */
export function diffFeature(feature: FeaturePair, analysis: DiffAnalysis): FeatureDiff {
  const { project, order, history, traces, specs } = analysis;
  const { key, before, after } = feature;
  const changes = analysis.changes.get(key) ?? [];
  const fields = feature.fields.map((field) => diffField(field, traces.get(field.fullName) ?? [], specs));
  const blockedBy = findBlockers(feature, project, order);
  const revertOf = findRevert(feature, history, analysis.current);
  return {
    key,
    status: featureStatus(feature, fields, changes),
    recompute: recomputeOf(feature, changes, revertOf !== undefined),
    types: strongest(
      typesEffects,
      changes.map(({ types }) => types),
    ),
    ...(feature.renamed === undefined ? {} : { renamedFrom: feature.renamed.from }),
    ...(before === undefined ? {} : { before: featureState(before) }),
    ...(after === undefined ? {} : { after: featureState(after) }),
    fields,
    changes,
    pruned: findPruned(feature, project),
    embedsChanged:
      isInBoth(feature) && hasNoOwnChange(feature, changes) ? findEmbeddedChanges(feature, project) : [],
    ...(blockedBy === undefined ? {} : { blockedBy }),
    ...(revertOf === undefined ? {} : { revertOf }),
  };
}

function featureState({
  featureVersion,
  definitionVersion,
  name,
  spec,
  deps,
}: ManifestFeature): FeatureState {
  return { featureVersion, definitionVersion, name, spec, upstream: deps.map(({ feature }) => feature) };
}

function featureStatus(
  { before, after }: FeaturePair,
  fields: readonly FieldDiff[],
  changes: readonly Change[],
): FeatureStatus {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  const statuses = new Set(fields.map(({ status }) => status));
  const reported = changes.filter(({ rule }) => rule !== "definition");
  if (reported.some(({ rule }) => !isConsequence(rule)) || statuses.has("direct")) return "direct";
  // Where no field moved, other formulas or an edit of the manifest moved the feature.
  const hasMoved = before.featureVersion !== after.featureVersion;
  if (reported.length > 0 || statuses.has("indirect") || hasMoved) return "indirect";
  return changes.length > 0 ? "metadataOnly" : "unchanged";
}

function recomputeOf(
  { before, after }: FeaturePair,
  changes: readonly Change[],
  isRevert: boolean,
): Recompute {
  if (after !== undefined && before?.featureVersion !== after.featureVersion)
    return isRevert ? "some" : "all";
  return strongest(
    recomputes,
    changes.map(({ recompute }) => recompute),
  );
}

/** From the weakest to the strongest. */
const recomputes = ["none", "orphans", "some", "all"] as const satisfies readonly Recompute[];
const typesEffects = ["none", "additive", "breaking"] as const satisfies readonly TypesEffect[];

/** The strongest of some effects; the weakest of the scale without any. */
function strongest<Effect>(scale: readonly [Effect, ...Effect[]], effects: readonly Effect[]): Effect {
  return scale.findLast((effect) => effects.includes(effect)) ?? scale[0];
}

/** Whether a feature has no change of its own, so that a change of its module needs an explanation. */
function hasNoOwnChange({ before, after }: FeaturePair, changes: readonly Change[]): boolean {
  return before?.featureVersion === after?.featureVersion && changes.every(({ rule }) => isConsequence(rule));
}

function diffField(field: FieldPair, traces: readonly Trace[], specs: SpecDocuments): FieldDiff {
  const { key, before, after } = field;
  return {
    key,
    status: fieldStatus(field, traces),
    ...(field.renamed === undefined ? {} : { renamedFrom: field.renamed.from }),
    ...(before === undefined ? {} : { before: before.version }),
    ...(after === undefined ? {} : { after: after.version }),
    causes: traces.map((trace) => causeOf(trace, specs)),
  };
}

function fieldStatus(field: FieldPair, traces: readonly Trace[]): FieldStatus {
  if (field.before === undefined) return "added";
  if (field.after === undefined) return "removed";
  if (!isMoved(field)) return "unchanged";
  return traces.some(({ path }) => path.length === 1) ? "direct" : "indirect";
}

function causeOf({ edit, path }: Trace, specs: SpecDocuments): Cause {
  const at = locateEdit(edit, specs);
  return {
    path,
    rule: edit.rule,
    ...(edit.from === undefined ? {} : { from: edit.from }),
    ...(edit.to === undefined ? {} : { to: edit.to }),
    ...(at === undefined ? {} : { at }),
  };
}

/** The upstream branches with changed fields, of which the feature reads none. */
function findPruned(feature: FeaturePair, project: ProjectPair): PrunedBranch[] {
  const { before, after } = feature;
  if (before === undefined || after === undefined) return [];
  const changed = after.deps.filter(({ feature }) => project.features.get(feature)?.isIdentical === false);
  if (changed.length === 0) return [];
  const [readBefore, readAfter] = [before, after].map(parentsOf);
  return changed.flatMap(({ feature: upstream }) => {
    const fields = project.features.get(upstream)?.fields ?? [];
    const moved = fields.filter(hasChanged);
    const reads = fields.filter(({ fullName }) => readAfter?.has(fullName));
    const isReached = moved.some(({ fullName }) => readBefore?.has(fullName) || readAfter?.has(fullName));
    if (moved.length === 0 || isReached) return [];
    return [{ upstream, moved: moved.map(({ key }) => key), reads: reads.map(({ key }) => key) }];
  });
}

function parentsOf({ fields }: ManifestFeature): ReadonlySet<string> {
  return new Set(Object.values(fields).flatMap(({ parents }) => parents));
}

function hasChanged({ before, after }: FieldPair): boolean {
  return before?.version !== after?.version;
}

/** The changed upstream features whose versions or columns the module of a feature embeds. */
function findEmbeddedChanges({ after }: FeatureInBoth, project: ProjectPair): string[] {
  return after.deps
    .filter((dep) => {
      const upstream = project.features.get(dep.feature);
      return (
        upstream?.isIdentical !== true &&
        !isSame(embedded(upstream?.before, dep), embedded(upstream?.after, dep))
      );
    })
    .map(({ feature }) => feature);
}

/** Version, ids and types of all columns; of columns that an increment carries, their listed values too. */
function embedded(feature: ManifestFeature | undefined, dep: ManifestDep): unknown {
  if (feature === undefined) return null;
  const { featureVersion, idColumns, columns } = feature;
  const selected = dep.select === undefined ? undefined : new Set(dep.select);
  const arriving = [...arrivingNames(dep, feature)].filter(
    ([name, own]) => selected === undefined || selected.has(name) || idColumns.includes(own),
  );
  return [
    featureVersion,
    idColumns,
    Object.entries(columns).map(([name, column]) => [name, typeIn(column)]),
    arriving.map(([, own]) => withoutConstraints(columns[own])),
  ];
}

function typeIn(column: ManifestColumn): string {
  return typeof column === "string" ? column : column.type;
}

/** Only the upstream's own module checks bounds, lengths and patterns. */
function withoutConstraints(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutConstraints);
  if (typeof value !== "object" || value === null) return value ?? null;
  const kept = Object.entries(value).filter(([keyword]) => !constraintKeywords.has(keyword));
  return kept.length === 1 && kept[0]?.[0] === "type"
    ? kept[0][1]
    : Object.fromEntries(kept.map(([keyword, inner]) => [keyword, withoutConstraints(inner)]));
}
