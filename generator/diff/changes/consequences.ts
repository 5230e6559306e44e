import type { Manifest, ManifestFeature } from "../../manifest/manifest.ts";
import { compareText } from "../../source/compare-text.ts";
import { featureFacts, type InputColumn } from "../feature-facts.ts";
import { isSame } from "../is-same.ts";
import { isKept, type KeptFeature, type Pair, pairByName, pairDeps } from "../project-pair.ts";
import type { NamesOf } from "../renames/renames.ts";
import type { RuleId } from "../rule.ts";
import { depPart, wholeFeature } from "../spec-places.ts";
import { compareColumns } from "./compare-columns.ts";
import type { States } from "./dep-changes.ts";
import { type FoundChange, hasSameNames, listed, span } from "./found-change.ts";

/** What follows for a feature from its deps and from their features: its unit of work, its joins, what increments carry. */
export function consequences(
  feature: KeptFeature,
  states: States,
  edits: readonly FoundChange[],
  renames: ReadonlyMap<string, NamesOf>,
): FoundChange[] {
  if (feature.before.deps.length === 0 || feature.after.deps.length === 0) return [];
  const isRenamed = feature.after.deps.some((dep) => renames.has(dep.feature));
  if (!isRenamed && isSame(basis(feature.before, states.before), basis(feature.after, states.after)))
    return [];
  const before = featureFacts(feature.before, states.before);
  const after = featureFacts(feature.after, states.after);
  const edited = new Set(edits.map(({ rule }) => rule));
  const changes: FoundChange[] = [];
  if (!edited.has("id-columns") && !hasSameNames(before.grain, after.grain)) {
    changes.push({ rule: "grain", from: listed(before.grain), to: listed(after.grain), part: wholeFeature });
  }
  if (!rejoining.some((rule) => edited.has(rule)))
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

/** All that the facts of a feature follow from. */
function basis({ idColumns, deps }: ManifestFeature, { features }: Manifest): unknown {
  const upstream = deps.map(({ feature }) => [features[feature]?.idColumns, features[feature]?.columns]);
  return [idColumns, deps, upstream];
}

/** Edits that say by themselves that rows meet otherwise. */
const rejoining: readonly RuleId[] = ["id-columns", "lineage-kind", "lineage-on"];

function joinChanges(
  feature: KeptFeature,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): FoundChange[] {
  return pairDeps(feature)
    .filter(isKept)
    .flatMap(({ key }) => {
      const [from, to] = [before.get(key), after.get(key)];
      return from === to
        ? []
        : [{ rule: "join-columns" as const, subject: key, ...span(from, to), part: depPart(key) }];
    });
}

/** Columns that arrive under another name, since the upstream calls them otherwise. */
function renamedInputs(
  feature: KeptFeature,
  renames: ReadonlyMap<string, NamesOf>,
  before: ReadonlyMap<string, InputColumn>,
  after: ReadonlyMap<string, InputColumn>,
): FoundChange[] {
  return pairDeps(feature)
    .filter(isKept)
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
        part: depPart(dep.key),
      }));
    });
}

function inputChanges({ key, before, after }: Pair<InputColumn>): FoundChange[] {
  const upstream = (after ?? before)?.upstream ?? "";
  const common = { subject: key, upstream, part: depPart(upstream) };
  if (before === undefined) {
    return [{ rule: "input-column-added", ...common, ...span(undefined, after?.text) }];
  }
  if (after === undefined) return [{ rule: "input-column-removed", ...common, from: before.text }];
  return compareColumns(before, after).flatMap(({ rule, from, to, detail }): FoundChange[] => {
    const where = detail === undefined ? {} : { detail };
    switch (rule) {
      case "column-type":
      case "column-int64":
      case "column-enum-widened":
        return [{ rule: "input-column-type", ...common, ...span(from, to), ...where }];
      case "column-nullable":
        return [{ rule: "input-column-nullable", ...common, ...where }];
      case "column-required":
        return [{ rule: "input-column-required", ...common, ...where }];
      default:
        return [];
    }
  });
}
