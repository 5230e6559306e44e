import { declaredType } from "../../columns/parsed-columns.ts";
import { isNamedByFormat } from "../../columns/scalar-types.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { Increment } from "../../increment.ts";
import { hasMovableIds } from "../resolve/moved-ids.ts";

/** A row, whatever its feature. */
export type AnyRow = Readonly<Record<string, unknown>>;

/** The input of one call of a worker. */
export interface WorkItem {
  /** The argument of the worker. */
  readonly given: unknown;
  /** One of its rows, with its grain and its provenance. */
  readonly row: AnyRow;
}

/**
 * The sets of an increment in phases: the outputs of one phase are written before the next begins.
 *
 * Stale parents run first: the ids that they give up are then free for new ones.
 */
export function phasesOf({ feature }: Increment<AnyFeature>): readonly (readonly ("new" | "stale")[])[] {
  return hasMovableIds(feature) ? [["stale"], ["new"]] : [["new", "stale"]];
}

/** The work items of some sets of an increment. */
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

/** Refuses rows of another work item than the requested one. */
export function assertOutputs(feature: AnyFeature, item: WorkItem, rows: readonly AnyRow[]): void {
  for (const column of feature.plan.grain) {
    const expected = item.row[column];
    // A time or UUID has several texts: the write checks whether it is in the increment.
    const other = isPlain(feature, column) ? rows.find((row) => row[column] !== expected) : undefined;
    if (other === undefined) continue;
    throw new InputError(
      "not-in-increment",
      `The worker was asked for ${column} = ${String(expected)} of ${feature.key} and returned a row for ${String(other[column])}. Return the rows of the work item that it was given.`,
      { feature: feature.key, column, value: other[column] },
    );
  }
}

/** Whether equal values of a column are equal in JavaScript. */
function isPlain({ spec }: AnyFeature, column: string): boolean {
  const type = declaredType(spec.columns, column);
  return type.kind === "scalar" && !isNamedByFormat(type.name);
}
