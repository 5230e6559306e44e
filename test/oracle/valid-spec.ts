import { defineFeatures, type FeatureDefinition } from "./definitions.ts";
import {
  carriedColumns,
  grainColumns,
  groupColumns,
  isExpansion,
  joinColumns,
  renamed,
  renamedIds,
} from "./join-columns.ts";
import type { DepDocument, PropertySchema, SpecDocument } from "./spec-document.ts";

/** Whether a spec may stand below others: the rules on joins, columns and fields that a random spec could break. */
export function isValid(spec: SpecDocument, upstream: readonly SpecDocument[]): boolean {
  const definitions = defineFeatures([...upstream, spec], 64);
  const feature = definitions.get(spec.feature.key);
  if (feature === undefined) return false;
  if (feature.deps.length === 0) return true;
  const join = joinColumns(feature, definitions);
  const grain = grainColumns(feature, definitions);
  const sides = feature.deps.map((dep): Side => {
    const properties = Object.entries(definitions.get(dep.feature)?.spec.properties ?? {});
    return {
      dep,
      ids: renamedIds(dep, definitions),
      on: groupColumns(feature, dep) ?? [],
      carried: carriedColumns(feature, dep, definitions),
      names: properties.map(([column]) => renamed(dep, column)),
      arriving: new Map(properties.map(([column, schema]) => [renamed(dep, column), schema])),
    };
  });
  return rules.every((rule) => rule({ feature, join, grain, sides }));
}

interface Joined {
  readonly feature: FeatureDefinition;
  readonly join: readonly string[];
  readonly grain: readonly string[];
  readonly sides: readonly Side[];
}

interface Side {
  readonly dep: DepDocument;
  /** The upstream's ids after rename. */
  readonly ids: readonly string[];
  readonly on: readonly string[];
  readonly carried: readonly string[];
  /** All upstream columns after rename. */
  readonly names: readonly string[];
  readonly arriving: ReadonlyMap<string, PropertySchema>;
}

const rules: readonly ((joined: Joined) => boolean)[] = [
  renamesKeepColumnsApart,
  everySideHasTheJoinColumns,
  otherColumnsArriveOnce,
  samplesAreIdentified,
  groupsAreAmongTheIds,
  parentsHaveOneRow,
  everyFieldHasParents,
];

function renamesKeepColumnsApart({ sides }: Joined): boolean {
  return sides.every(({ names, arriving }) => names.length === arriving.size);
}

function everySideHasTheJoinColumns({ join, sides }: Joined): boolean {
  return sides.every(({ on, arriving }) => [...join, ...on].every((column) => arriving.has(column)));
}

function otherColumnsArriveOnce({ join, sides }: Joined): boolean {
  const others = sides.flatMap(({ carried }) => carried.filter((column) => !join.includes(column)));
  return new Set(others).size === others.length;
}

/** Each grain column is one of the join, or comes, never null, from a side that is always there. */
function samplesAreIdentified({ join, grain, sides }: Joined): boolean {
  const comes = (column: string) =>
    sides.some(
      ({ dep, carried, arriving }) =>
        dep.optional !== true && carried.includes(column) && !isNullable(arriving.get(column)),
    );
  return grain.length > 0 && grain.every((column) => join.includes(column) || comes(column));
}

function groupsAreAmongTheIds({ feature, sides }: Joined): boolean {
  return sides.every(
    ({ dep, on }) =>
      dep.lineage?.type !== "aggregation" || on.every((column) => feature.idColumns.includes(column)),
  );
}

function parentsHaveOneRow({ feature, join, sides }: Joined): boolean {
  if (!isExpansion(feature)) return true;
  const { properties } = feature.spec;
  return sides.every(
    ({ dep, ids, on }) =>
      dep.lineage?.type !== "aggregation" &&
      sameColumns(ids, join) &&
      (dep.lineage?.type !== "expansion" || sameColumns(on, ids)) &&
      join.every((column) => properties[column] !== undefined && !isNullable(properties[column])),
  );
}

function everyFieldHasParents({ feature }: Joined): boolean {
  return feature.fields.every((field) => field.parents.length > 0);
}

function isNullable(schema: PropertySchema | undefined): boolean {
  return schema === undefined || Array.isArray(schema.type);
}

function sameColumns(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((column) => right.includes(column));
}
