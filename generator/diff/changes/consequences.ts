import type { Manifest, ManifestFeature } from "../../manifest/manifest.ts";
import { compareText } from "../../source/compare-text.ts";
import { featureFacts, type InputColumn } from "../model/feature-facts.ts";
import { isSame } from "../model/is-same.ts";
import { type FeatureInBoth, isInBoth, type Pair, pairByName, pairDeps } from "../model/project-pair.ts";
import type { NamesOf } from "../model/renames.ts";
import { depPath, featurePath } from "../model/spec-paths.ts";
import type { RuleId } from "../rules/rule.ts";
import { compareColumns } from "./compare-columns.ts";
import type { States } from "./dep-changes.ts";
import { fromTo, hasSameNames, joinNames, type RawChange } from "./raw-change.ts";

/** The consequences of deps and upstream features for a feature: its grain, its joins, the columns of increments. */
export function consequences(
  feature: FeatureInBoth,
  states: States,
  edits: readonly RawChange[],
  renames: ReadonlyMap<string, NamesOf>,
): RawChange[] {
  if (feature.before.deps.length === 0 || feature.after.deps.length === 0) return [];
  const isRenamed = feature.after.deps.some((dep) => renames.has(dep.feature));
  if (
    !isRenamed &&
    isSame(factInputs(feature.before, states.before), factInputs(feature.after, states.after))
  )
    return [];
  const before = featureFacts(feature.before, states.before);
  const after = featureFacts(feature.after, states.after);
  const edited = new Set(edits.map(({ rule }) => rule));
  const changes: RawChange[] = [];
  if (!edited.has("id-columns") && !hasSameNames(before.grain, after.grain)) {
    changes.push({
      rule: "grain-changed",
      from: joinNames(before.grain),
      to: joinNames(after.grain),
      specPath: featurePath,
    });
  }
  if (!joinAffectingRules.some((rule) => edited.has(rule)))
    changes.push(...joinChanges(feature, before.joins, after.joins));
  changes.push(...renamedInputs(feature, renames, before.inputs, after.inputs));
  for (const column of pairByName(
    Object.fromEntries(before.inputs),
    Object.fromEntries(after.inputs),
    compareText,
  )) {
    changes.push(...inputChanges(column));
  }
  return changes;
}

/** Everything from which the facts of a feature follow. */
function factInputs({ idColumns, deps }: ManifestFeature, { features }: Manifest): unknown {
  const upstream = deps.map(({ feature }) => [features[feature]?.idColumns, features[feature]?.columns]);
  return [idColumns, deps, upstream];
}

/** Edits whose own rule already reports that rows join otherwise. */
const joinAffectingRules: readonly RuleId[] = ["id-columns", "lineage-kind", "lineage-on"];

function joinChanges(
  feature: FeatureInBoth,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): RawChange[] {
  return pairDeps(feature)
    .filter(isInBoth)
    .flatMap(({ key }) => {
      const [from, to] = [before.get(key), after.get(key)];
      return from === to
        ? []
        : [{ rule: "join-columns" as const, subject: key, ...fromTo(from, to), specPath: depPath(key) }];
    });
}

/** Columns that arrive under another name, since the upstream renamed them. */
function renamedInputs(
  feature: FeatureInBoth,
  renames: ReadonlyMap<string, NamesOf>,
  before: ReadonlyMap<string, InputColumn>,
  after: ReadonlyMap<string, InputColumn>,
): RawChange[] {
  return pairDeps(feature)
    .filter(isInBoth)
    .flatMap((dep) => {
      const arriving = [...(renames.get(dep.key) ?? [])].filter(
        ([name]) =>
          before.get(name)?.upstream === dep.key &&
          after.get(name)?.upstream === dep.key &&
          dep.before.rename?.[name] === undefined &&
          dep.after.rename?.[name] === undefined,
      );
      return arriving.map(([name, { from }]) => ({
        rule: "input-column-renamed" as const,
        subject: name,
        upstream: dep.key,
        from,
        to: name,
        specPath: depPath(dep.key),
      }));
    });
}

function inputChanges({ key, before, after }: Pair<InputColumn>): RawChange[] {
  const upstream = (after ?? before)?.upstream ?? "";
  const common = { subject: key, upstream, specPath: depPath(upstream) };
  if (before === undefined) {
    return [{ rule: "input-column-added", ...common, ...fromTo(undefined, after?.text) }];
  }
  if (after === undefined) return [{ rule: "input-column-removed", ...common, from: before.text }];
  return compareColumns(before, after).flatMap(({ rule, from, to, detail }): RawChange[] => {
    const detailFacts = detail === undefined ? {} : { detail };
    switch (rule) {
      case "column-type":
      case "column-int64":
      case "column-enum-widened":
        return [{ rule: "input-column-type", ...common, ...fromTo(from, to), ...detailFacts }];
      case "column-nullable":
        return [{ rule: "input-column-nullable", ...common, ...detailFacts }];
      case "column-required":
        return [{ rule: "input-column-required", ...common, ...detailFacts }];
      default:
        return [];
    }
  });
}
