import type { AnyFeature } from "../../feature.ts";
import type { Increment } from "../../increment.ts";
import { hasMovableIds } from "../resolve/moved-ids.ts";

/** A row, whatever its feature. */
export type AnyRow = Readonly<Record<string, unknown>>;

/** A work item, as a worker gets it. */
export interface WorkItem {
  /** What the worker gets. */
  readonly given: unknown;
  /** Its grain and its provenance: a worker that changes what it gets changes no other item. */
  readonly requested: AnyRow;
}

/**
 * The sets of an increment in phases: the outputs of one phase are written before the next begins.
 *
 * Stale parents run first: the ids that they give up are then free for new ones.
 */
export function phasesOf({ feature }: Increment<AnyFeature>): readonly (readonly ("new" | "stale")[])[] {
  return hasMovableIds(feature) ? [["stale"], ["new"]] : [["new", "stale"]];
}

/** The work items of some sets of an increment, by the call of a worker: each gets `size` of them, the last of a set fewer. */
export async function* callsOf(
  increment: Increment<AnyFeature>,
  sets: readonly ("new" | "stale")[],
  size: number,
): AsyncGenerator<readonly WorkItem[], undefined> {
  const { feature } = increment;
  const { plan } = feature;
  const isRow = plan.kind === "root" || plan.cardinality === "one";
  const itemOf = (row: unknown, given: unknown) => ({
    given,
    requested: requestedOf(feature, row as AnyRow),
  });
  for (const set of sets.map((kind) => increment[kind])) {
    if (isRow) {
      for await (const rows of set.batches(size)) yield rows.map((row) => itemOf(row, row));
      continue;
    }
    let items: WorkItem[] = [];
    for await (const group of set.groups()) {
      const row = group.rows[0];
      items.push(itemOf(row, plan.traits.workItem === "group" ? group : row));
      if (items.length < size) continue;
      yield items;
      items = [];
    }
    if (items.length > 0) yield items;
  }
}

/** The grain columns of a row. */
export function idOf({ plan }: AnyFeature, row: AnyRow): AnyRow {
  return Object.fromEntries(plan.grain.map((column) => [column, row[column]]));
}

function requestedOf(feature: AnyFeature, row: AnyRow): AnyRow {
  const requested: Record<string, unknown> = {
    metaxy_provenance: row["metaxy_provenance"],
    metaxy_provenance_by_field: { ...(row["metaxy_provenance_by_field"] as object) },
  };
  for (const column of feature.plan.grain) requested[column] = row[column];
  return requested;
}
