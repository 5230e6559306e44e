import type { Lineage } from "../../../runtime/contract.ts";
import type { Manifest, ManifestDep } from "../../manifest/manifest.ts";
import { compareText } from "../../source/compare-text.ts";
import { arrivingNames } from "../feature-facts.ts";
import { isSame } from "../is-same.ts";
import { isKept, type Kept, type KeptFeature, pairDeps } from "../project-pair.ts";
import { noRename } from "../rules/words.ts";
import { depPart } from "../spec-places.ts";
import { filterMeaning } from "./filter-meaning.ts";
import { type FoundChange, hasSameNames, listed, span } from "./found-change.ts";

/** The manifests of the two states. */
export interface States {
  readonly before: Manifest;
  readonly after: Manifest;
}

/** What happened to the deps of a feature by its own spec, but for the mappings of fields. */
export function depChanges(feature: KeptFeature, states: States): FoundChange[] {
  return pairDeps(feature).flatMap((dep): FoundChange[] => {
    const { key: upstream, before, after } = dep;
    const whole = { subject: upstream, part: depPart(upstream) };
    if (isKept(dep)) return optionChanges(dep, states);
    return before === undefined
      ? [{ rule: "dep-added", ...whole, to: upstream, ...facts(after) }]
      : [{ rule: "dep-removed", ...whole, from: upstream, ...facts(before) }];
  });
}

function facts(dep: ManifestDep | undefined): { readonly evidence?: string } {
  return dep === undefined ? {} : { evidence: describeLineage(dep.lineage) };
}

function optionChanges(dep: Kept<ManifestDep>, states: States): FoundChange[] {
  return [
    ...lineageChanges(dep),
    ...filterChanges(dep, states),
    ...optionalChanges(dep),
    ...selectChanges(dep),
    ...renameChanges(dep),
  ];
}

function lineageChanges({ key, before, after }: Kept<ManifestDep>): FoundChange[] {
  const isSameKind = before.lineage.type === after.lineage.type;
  if (isSameKind && hasSameNames(columnsOf(before.lineage), columnsOf(after.lineage))) return [];
  return [
    {
      rule: isSameKind ? "lineage-on" : "lineage-kind",
      subject: key,
      from: describeLineage(before.lineage),
      to: describeLineage(after.lineage),
      part: isSameKind ? depPart(key, "lineage", "on") : depPart(key, "lineage"),
    },
  ];
}

function columnsOf(lineage: Lineage): readonly string[] {
  return "on" in lineage ? lineage.on : [];
}

/** `aggregation on video_id`. */
function describeLineage(lineage: Lineage): string {
  const columns = columnsOf(lineage);
  return columns.length === 0 ? lineage.type : `${lineage.type} on ${listed(columns)}`;
}

function filterChanges({ key, before, after }: Kept<ManifestDep>, states: States): FoundChange[] {
  const meaning = (dep: ManifestDep, manifest: Manifest): string => {
    const upstream = manifest.features[key];
    const names = upstream === undefined ? new Map() : arrivingNames(dep, upstream);
    return filterMeaning(dep.where ?? [], names);
  };
  if (meaning(before, states.before) === meaning(after, states.after)) return [];
  return [
    {
      rule: "filter",
      subject: key,
      ...span(filterText(before), filterText(after)),
      part: depPart(key, "where"),
    },
  ];
}

function filterText({ where = [] }: ManifestDep): string | undefined {
  return where.length === 0 ? undefined : where.join(" AND ");
}

function optionalChanges({ key, before, after }: Kept<ManifestDep>): FoundChange[] {
  if (before.optional === after.optional) return [];
  return [
    {
      rule: after.optional === true ? "dep-optional" : "dep-required",
      subject: key,
      part: depPart(key, "optional"),
    },
  ];
}

function selectChanges({ key, before, after }: Kept<ManifestDep>): FoundChange[] {
  const [from, to] = [selectText(before), selectText(after)];
  return from === to ? [] : [{ rule: "select", subject: key, from, to, part: depPart(key, "select") }];
}

function selectText({ select }: ManifestDep): string {
  if (select === undefined) return "all columns";
  return select.length === 0 ? "only its ids" : listed([...new Set(select)].sort(compareText));
}

function renameChanges({ key, before, after }: Kept<ManifestDep>): FoundChange[] {
  if (isSame(before.rename ?? {}, after.rename ?? {})) return [];
  const [from, to] = [renameText(before), renameText(after)];
  return [{ rule: "rename", subject: key, from, to, part: depPart(key, "rename") }];
}

function renameText({ rename = {} }: ManifestDep): string {
  const names = Object.entries(rename).sort(([a], [b]) => compareText(a, b));
  return names.length === 0 ? noRename : listed(names.map(([from, to]) => `${from} to ${to}`));
}
