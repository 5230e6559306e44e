import type { Lineage } from "../../../runtime/contract.ts";
import type { Manifest, ManifestDep } from "../../manifest/manifest.ts";
import { columnsOf } from "../../resolve/lineage-rules.ts";
import { compareText } from "../../source/compare-text.ts";
import { arrivingNames } from "../model/feature-facts.ts";
import { normalizeFilter } from "../model/filters.ts";
import { isSame } from "../model/is-same.ts";
import { type FeatureInBoth, type InBoth, isInBoth, pairDeps } from "../model/project-pair.ts";
import { depPath } from "../model/spec-paths.ts";
import { noRename } from "../rules/format-values.ts";
import { fromTo, hasSameNames, joinNames, type RawChange } from "./raw-change.ts";

/** The manifests of the two states. */
export interface States {
  readonly before: Manifest;
  readonly after: Manifest;
}

/** The edits of the deps of a feature, without field mappings. */
export function depChanges(feature: FeatureInBoth, states: States): RawChange[] {
  return pairDeps(feature).flatMap((dep): RawChange[] => {
    const { key: upstream, before, after } = dep;
    const common = { subject: upstream, specPath: depPath(upstream) };
    if (isInBoth(dep)) return optionChanges(dep, states);
    return before === undefined
      ? [{ rule: "dep-added", ...common, to: upstream, ...lineageDiscriminator(after) }]
      : [{ rule: "dep-removed", ...common, from: upstream, ...lineageDiscriminator(before) }];
  });
}

function lineageDiscriminator(dep: ManifestDep | undefined): { readonly discriminator?: string } {
  return dep === undefined ? {} : { discriminator: describeLineage(dep.lineage) };
}

function optionChanges(dep: InBoth<ManifestDep>, states: States): RawChange[] {
  return [
    ...lineageChanges(dep),
    ...filterChanges(dep, states),
    ...optionalChanges(dep),
    ...selectChanges(dep),
    ...renameChanges(dep),
  ];
}

function lineageChanges({ key, before, after }: InBoth<ManifestDep>): RawChange[] {
  const isSameKind = before.lineage.type === after.lineage.type;
  if (isSameKind && hasSameNames(columnsOf(before.lineage), columnsOf(after.lineage))) return [];
  return [
    {
      rule: isSameKind ? "lineage-on" : "lineage-kind",
      subject: key,
      from: describeLineage(before.lineage),
      to: describeLineage(after.lineage),
      specPath: isSameKind ? depPath(key, "lineage", "on") : depPath(key, "lineage"),
    },
  ];
}

/** `aggregation on video_id`. */
function describeLineage(lineage: Lineage): string {
  const columns = columnsOf(lineage);
  return columns.length === 0 ? lineage.type : `${lineage.type} on ${joinNames(columns)}`;
}

function filterChanges({ key, before, after }: InBoth<ManifestDep>, states: States): RawChange[] {
  const normalized = (dep: ManifestDep, manifest: Manifest): string => {
    const upstream = manifest.features[key];
    const names = upstream === undefined ? new Map() : arrivingNames(dep, upstream);
    return normalizeFilter(dep.where ?? [], names);
  };
  if (normalized(before, states.before) === normalized(after, states.after)) return [];
  return [
    {
      rule: "filter",
      subject: key,
      ...fromTo(filterText(before), filterText(after)),
      specPath: depPath(key, "where"),
    },
  ];
}

function filterText({ where = [] }: ManifestDep): string | undefined {
  return where.length === 0 ? undefined : where.join(" AND ");
}

function optionalChanges({ key, before, after }: InBoth<ManifestDep>): RawChange[] {
  if (before.optional === after.optional) return [];
  return [
    {
      rule: after.optional === true ? "dep-optional" : "dep-required",
      subject: key,
      specPath: depPath(key, "optional"),
    },
  ];
}

function selectChanges({ key, before, after }: InBoth<ManifestDep>): RawChange[] {
  const [from, to] = [selectText(before), selectText(after)];
  return from === to ? [] : [{ rule: "select", subject: key, from, to, specPath: depPath(key, "select") }];
}

function selectText({ select }: ManifestDep): string {
  if (select === undefined) return "all columns";
  return select.length === 0 ? "only its ids" : joinNames([...new Set(select)].sort(compareText));
}

function renameChanges({ key, before, after }: InBoth<ManifestDep>): RawChange[] {
  if (isSame(before.rename ?? {}, after.rename ?? {})) return [];
  const [from, to] = [renameText(before), renameText(after)];
  return [{ rule: "rename", subject: key, from, to, specPath: depPath(key, "rename") }];
}

function renameText({ rename = {} }: ManifestDep): string {
  const names = Object.entries(rename).sort(([a], [b]) => compareText(a, b));
  return names.length === 0 ? noRename : joinNames(names.map(([from, to]) => `${from} to ${to}`));
}
