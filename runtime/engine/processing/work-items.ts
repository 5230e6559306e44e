import { declaredType } from "../../columns/parsed-columns.ts";
import { scalarTypes } from "../../columns/scalar-types.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Increment } from "../../increment.ts";
import { hasMovableIds } from "../resolve/moved-ids.ts";

/** A row, whatever its feature. */
export type AnyRow = Readonly<Record<string, unknown>>;

/** One thing to compute. */
export interface WorkItem {
  /** What the worker gets. */
  readonly given: unknown;
  /** A row of it, which has its grain and its provenance. */
  readonly row: AnyRow;
}

/**
 * The sets of an increment in phases: what is asked for in one is written before the next begins.
 *
 * A stale parent says first which ids it keeps; those that it gives up are then free for others.
 */
export function phasesOf({ feature }: Increment<AnyFeature>): readonly (readonly ("new" | "stale")[])[] {
  return hasMovableIds(feature) ? [["stale"], ["new"]] : [["new", "stale"]];
}

/** The units of some sets of an increment. */
export async function* workItemsOf(
  increment: Increment<AnyFeature>,
  sets: readonly ("new" | "stale")[],
): AsyncGenerator<WorkItem, undefined> {
  const { plan } = increment.feature;
  const isRow = plan.kind === "root" || plan.cardinality === "one";
  for (const set of sets.map((kind) => increment[kind])) {
    if (isRow) {
      for await (const row of set) yield { given: row, row: row as unknown as AnyRow };
      continue;
    }
    for await (const group of set.groups()) {
      const row = group.rows[0] as unknown as AnyRow;
      yield { given: plan.traits.workItem === "group" ? group : row, row };
    }
  }
}

/** The grain columns of a row. */
export function idOf({ plan }: AnyFeature, row: AnyRow): AnyRow {
  return Object.fromEntries(plan.grain.map((column) => [column, row[column]]));
}

/** Refuses rows that answer another unit than the one that was asked for. */
export function assertOutputs(feature: AnyFeature, item: WorkItem, rows: readonly AnyRow[]): void {
  for (const column of feature.plan.grain) {
    const expected = item.row[column];
    const type = declaredType(feature.spec.columns, column);
    // A time or UUID has several texts; whether it is in the increment is checked when it is written.
    const isComparable = type.kind === "scalar" && scalarTypes[type.name].inJson === "all";
    const other = isComparable ? rows.find((row) => row[column] !== expected) : undefined;
    if (other === undefined) continue;
    throw new InputError(
      "not-in-increment",
      `The worker was asked for ${column} = ${String(expected)} of ${feature.key} and returned a row for ${String(other[column])}. Return the rows of the work item that it was given.`,
      { feature: feature.key, column, value: other[column] },
    );
  }
}
