import type { Lineage } from "../../runtime/contract.ts";
import { lineageRules } from "./lineage-rules.ts";

/** A dep, as far as it decides how a feature joins its deps. Names are those by which columns arrive. */
export interface JoinableDep<Column> {
  readonly lineage: Lineage;
  readonly optional: boolean;
  /** Absent: all columns arrive. */
  readonly select?: readonly string[];
  /** Every upstream column, in declared order. */
  readonly names: ReadonlyMap<string, Column>;
  /** The upstream's ids. */
  readonly ids: readonly string[];
  /** The columns of which the dep brings one row, or one group, each. */
  readonly grain: readonly string[];
}

/** What follows for a feature from its deps. Specs and manifests of the same project give the same. */
export interface DepJoin<Column> {
  /** Columns on which the deps are joined; the ids for a root. */
  readonly joinColumns: readonly string[];
  /** Whether the deps have no grain in common, so that they are joined on the feature's ids. */
  readonly joinedOnOwnIds: boolean;
  /** Key columns of a work item. */
  readonly grain: readonly string[];
  /** For each dep, the columns that increment rows carry from it. */
  readonly columns: readonly ReadonlyMap<string, Column>[];
}

/** Every upstream column by the name by which it arrives, in declared order. */
export function arrivingColumns<Column>(
  columns: Iterable<readonly [own: string, column: Column]>,
  rename: Readonly<Record<string, string>>,
): Map<string, Column> {
  return new Map([...columns].map(([own, column]) => [arrivingName(own, rename), column]));
}

/** The name by which an upstream column arrives. */
export function arrivingName(own: string, rename: Readonly<Record<string, string>>): string {
  return Object.hasOwn(rename, own) ? (rename[own] ?? own) : own;
}

/** Joins the deps of a feature: join columns, arriving columns, grain (docs/semantics.md, "Joins over several deps"). */
export function joinDeps<Column>(
  idColumns: readonly string[],
  deps: readonly JoinableDep<Column>[],
): DepJoin<Column> {
  const shared = sharedGrain(deps);
  const joinColumns =
    shared.length === 0
      ? idColumns
      : [
          ...idColumns.filter((id) => shared.includes(id)),
          ...shared.filter((name) => !idColumns.includes(name)),
        ];
  const columns = deps.map((dep) => selectedColumns(dep, joinColumns));
  return {
    joinColumns,
    joinedOnOwnIds: shared.length === 0,
    grain: grainOf(idColumns, deps, joinColumns, columns),
    columns,
  };
}

/** The columns that are in the grain of every dep, in the order of the first. */
function sharedGrain<Column>(deps: readonly JoinableDep<Column>[]): readonly string[] {
  const [first, ...others] = deps;
  return (first?.grain ?? []).filter((name) => others.every((dep) => dep.grain.includes(name)));
}

/** Upstream ids, `on` columns and join columns always come along, whatever `select` says. */
function selectedColumns<Column>(
  { select, names, ids, grain }: JoinableDep<Column>,
  joinColumns: readonly string[],
): ReadonlyMap<string, Column> {
  if (select === undefined) return names;
  const kept = new Set([...select, ...ids, ...grain, ...joinColumns]);
  return new Map([...names].filter(([name]) => kept.has(name)));
}

function grainOf<Column>(
  idColumns: readonly string[],
  deps: readonly JoinableDep<Column>[],
  joinColumns: readonly string[],
  columns: readonly ReadonlyMap<string, Column>[],
): readonly string[] {
  if (deps.length === 0) return idColumns;
  if (deps.some(({ lineage }) => lineageRules[lineage.type].workItem === "parent")) return joinColumns;
  return idColumns.filter((id) => columns.some((arriving) => arriving.has(id)));
}

/** The columns that a dep brings to increment rows, by the names by which they arrive. */
export interface ArrivingDep<Column> {
  readonly optional: boolean;
  readonly columns: Iterable<readonly [name: string, column: Column]>;
}

/** A column of increment rows. */
export interface InputColumn<Column> {
  readonly name: string;
  readonly column: Column;
  readonly nullable: boolean;
  /** The dep that brings it, by its place. */
  readonly dep: number;
}

/**
 * The user columns of a derived feature's increment rows, in the order of its deps, each once.
 *
 * A column of an optional dep may be missing, except for join columns: those come from the required deps, or from
 * whichever dep has the sample.
 */
export function joinedColumns<Column extends { readonly nullable: boolean }>(
  deps: readonly ArrivingDep<Column>[],
  joinColumns: readonly string[],
): InputColumn<Column>[] {
  const inputs = new Map<string, InputColumn<Column>>();
  for (const [dep, { optional, columns }] of deps.entries()) {
    for (const [name, column] of columns) {
      if (inputs.has(name)) continue;
      const mayBeMissing = optional && deps.length > 1;
      const nullable = !joinColumns.includes(name) && (column.nullable || mayBeMissing);
      inputs.set(name, { name, column, nullable, dep });
    }
  }
  return [...inputs.values()];
}
