import type { Manifest, ManifestFeature } from "../manifest/manifest.ts";
import { type FeaturePair, type FieldPair, isMoved, pairFeatures } from "./field-pair.ts";
import { isSame } from "./is-same.ts";
import { locateEdit, type SpecDocuments } from "./locate-edit.ts";
import { type Trace, traceCauses } from "./trace-causes.ts";
import type {
  Cause,
  DiffTotals,
  FeatureDiff,
  FeatureState,
  FeatureStatus,
  FieldDiff,
  FieldStatus,
  ProjectCause,
  VersionDiff,
} from "./version-diff.ts";

/**
 * Compares two states of a project: which versions moved, and by which edits.
 *
 * Needs nothing but the manifests. `specs`, the documents of the state after, lets causes name the edited line.
 */
export function diffManifests(
  before: Manifest | undefined,
  after: Manifest,
  specs: SpecDocuments = new Map(),
): VersionDiff {
  const pairs = pairFeatures(before, after);
  const traces = traceCauses(pairs);
  const features = pairs.map((pair) => diffFeature(pair, traces, specs));
  return {
    diffVersion: 1,
    ...(before === undefined ? {} : { before: { projectVersion: before.projectVersion } }),
    after: { projectVersion: after.projectVersion },
    totals: countStatuses(features),
    causes: before === undefined ? [] : projectCauses(before, after, features),
    features,
  };
}

type Traces = ReadonlyMap<string, readonly Trace[]>;

function diffFeature(pair: FeaturePair, traces: Traces, specs: SpecDocuments): FeatureDiff {
  const fields = pair.fields.map((field) => diffField(field, traces.get(field.fullName) ?? [], specs));
  const { key, before, after } = pair;
  return {
    key,
    status: featureStatus(pair, fields),
    ...(before === undefined ? {} : { before: featureState(before) }),
    ...(after === undefined ? {} : { after: featureState(after) }),
    fields,
  };
}

function featureState({ featureVersion, definitionVersion }: ManifestFeature): FeatureState {
  return { featureVersion, definitionVersion };
}

function featureStatus({ before, after }: FeaturePair, fields: readonly FieldDiff[]): FeatureStatus {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  const statuses = new Set(fields.map(({ status }) => status));
  if (statuses.has("added") || statuses.has("removed") || statuses.has("direct")) return "direct";
  if (!isSame(rowFacts(before), rowFacts(after))) return "direct";
  if (statuses.has("indirect")) return "indirect";
  return isSameHash(before.definitionVersion, after.definitionVersion) ? "unchanged" : "definitionOnly";
}

/** What decides the rows of a feature and their types, beside the versions of its fields. */
function rowFacts({ name, idColumns, deps, columns }: ManifestFeature): unknown {
  return { name, idColumns, deps, columns };
}

/** Whether two hashes of one text are equal, though a different number of characters may be kept of them. */
function isSameHash(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function diffField(field: FieldPair, traces: readonly Trace[], specs: SpecDocuments): FieldDiff {
  const { key, before, after } = field;
  return {
    key,
    status: fieldStatus(field, traces),
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

function projectCauses(before: Manifest, after: Manifest, features: readonly FeatureDiff[]): ProjectCause[] {
  if (keptOfHash(before) !== keptOfHash(after)) {
    return [{ rule: "hash-length", from: before.hashLength, to: after.hashLength }];
  }
  const isUnexplained = features.some(({ fields }) =>
    fields.some(({ status, causes }) => status === "indirect" && causes.length === 0),
  );
  return isUnexplained ? [{ rule: "formula" }] : [];
}

/** A whole hash has 64 characters: keeping more keeps the same. */
function keptOfHash({ hashLength }: Manifest): number {
  return Math.min(hashLength, 64);
}

function countStatuses(features: readonly FeatureDiff[]): DiffTotals {
  const featureCounts = { added: 0, removed: 0, direct: 0, indirect: 0, definitionOnly: 0, unchanged: 0 };
  const fieldCounts = { added: 0, removed: 0, direct: 0, indirect: 0, unchanged: 0 };
  for (const feature of features) {
    featureCounts[feature.status] += 1;
    for (const field of feature.fields) fieldCounts[field.status] += 1;
  }
  return { features: featureCounts, fields: fieldCounts };
}
