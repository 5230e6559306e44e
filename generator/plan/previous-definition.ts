import { tableOf } from "../../runtime/columns/table-name.ts";
import type { EngineName, PreviousDefinition, PreviousUpstream } from "../../runtime/contract.ts";
import { memberOf } from "../resolve/feature-name.ts";
import type { FeatureModel, FieldModel } from "../resolve/project-model.ts";
import { compareText } from "../source/compare-text.ts";
import type { PreviousVersions, ProjectVersions } from "../versions/index.ts";
import { previousParents } from "../versions/previous-versions.ts";
import { byEngine } from "./by-engine.ts";
import { printProvenance, provenanceParts } from "./field-provenance.ts";

/** What a feature was before names changed; undefined where its version is what it was. */
export function previousDefinition(
  feature: FeatureModel,
  { previous }: ProjectVersions,
  engines: readonly EngineName[],
): PreviousDefinition | undefined {
  const former = previous.get(feature);
  if (former === undefined) return undefined;
  const names = previousNames(former, feature.fields);
  if (feature.deps.length === 0)
    return { ...names, ...(former.between.length === 0 ? {} : { between: former.between }) };
  const upstream = feature.deps.flatMap((dep): [string, PreviousUpstream][] => {
    const formerUpstream = previous.get(dep.feature);
    if (formerUpstream === undefined) return [];
    return [[dep.feature.key, previousUpstream(formerUpstream, dep.feature, feature)]];
  });
  const provenance = byOldMember(former, feature.fields).map(([field, member]) => {
    const parents = previousParents(field, previous).map(({ parent, fullName }) => ({
      column: parent.fullName,
      fullName,
    }));
    return [member, provenanceParts(field, former.fieldKeys.get(field) ?? field.key, parents)] as const;
  });
  return {
    ...names,
    upstream: Object.fromEntries(upstream),
    sql: byEngine(engines, (dialect) => ({
      provenance: Object.fromEntries(
        provenance.map(([member, parts]) => [member, printProvenance(parts, dialect)]),
      ),
    })),
  };
}

/** What a plan of `feature` needs to know of the past of an upstream: of its fields, those that are read. */
function previousUpstream(
  former: PreviousVersions,
  upstream: FeatureModel,
  feature: FeatureModel,
): PreviousUpstream {
  const columns = upstream.spec.renamedFrom?.columns;
  const read = new Set(feature.fields.flatMap((field) => field.parents));
  const fields = upstream.fields.filter((field) => read.has(field));
  return { ...previousNames(former, fields), ...(columns === undefined ? {} : { columns }) };
}

function previousNames(
  former: PreviousVersions,
  fields: readonly FieldModel[],
): Pick<PreviousDefinition, "key" | "table" | "featureVersion" | "fieldMembers"> {
  return {
    key: former.key,
    table: tableOf(former.key),
    featureVersion: former.featureVersion,
    fieldMembers: Object.fromEntries(
      byOldMember(former, fields).map(([field, member]) => [field.member, member]),
    ),
  };
}

/** Fields with the struct member that each had, in the order of these. */
function byOldMember(former: PreviousVersions, fields: readonly FieldModel[]): [FieldModel, string][] {
  return fields
    .map((field): [FieldModel, string] => [field, memberOf(former.fieldKeys.get(field) ?? field.key)])
    .sort(([, a], [, b]) => compareText(a, b));
}
