import { isStemmaError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { hasMovableIds } from "../resolve/moved-ids.ts";
import { type IdConflict, idOfOtherParent } from "../writing/id-of-other-parent.ts";
import type { ComputedItem } from "./output-buffer.ts";
import { type AnyRow, idOf } from "./work-items.ts";

/** A work item with a row whose id an earlier item of the batch has too. */
export interface ConflictingItem {
  readonly item: ComputedItem;
  readonly earlier: ComputedItem;
  readonly conflict: IdConflict;
}

/**
 * Separates the work items of a batch whose rows have an id of an earlier item.
 *
 * Ids are compared by their text. An id with several texts is found by the write.
 */
export function separateIds(
  feature: AnyFeature,
  batch: readonly ComputedItem[],
): { readonly first: readonly ComputedItem[]; readonly conflicting: readonly ConflictingItem[] } {
  if (!hasMovableIds(feature)) return { first: batch, conflicting: [] };
  const holders = new Map<string, ComputedItem>();
  const first: ComputedItem[] = [];
  const conflicting: ConflictingItem[] = [];
  for (const item of batch) {
    const keys = item.rows.map((row) => idKey(feature, row));
    const taken = keys.findIndex((key) => holders.has(key));
    const earlier = taken < 0 ? undefined : holders.get(keys[taken] ?? "");
    if (earlier === undefined) {
      for (const key of keys) holders.set(key, item);
      first.push(item);
      continue;
    }
    const row = item.rows[taken] ?? {};
    const id = Object.fromEntries(feature.spec.idColumns.map((column) => [column, row[column]]));
    const conflict = { id, parent: idOf(feature, item.requested), holder: idOf(feature, earlier.requested) };
    conflicting.push({ item, earlier, conflict });
  }
  return { first, conflicting };
}

/** The ids of a batch that the store refused, since parents that are up to date have them. */
export class HeldIds {
  readonly #feature: AnyFeature;
  readonly #byId = new Map<string, IdConflict>();

  constructor(feature: AnyFeature) {
    this.#feature = feature;
  }

  /** Records the ids of a refusal. */
  add(error: unknown): void {
    if (!isStemmaError(error, "id-of-other-parent")) return;
    for (const conflict of (error.facts["conflicts"] ?? []) as readonly IdConflict[])
      this.#byId.set(idKey(this.#feature, conflict.id), conflict);
  }

  /** Why a work item can't have the ids of its rows; undefined if no refusal names one. */
  conflictOf({ requested, rows }: ComputedItem): IdConflict | undefined {
    if (this.#byId.size === 0) return undefined;
    const conflicts = rows.map((row) => this.#byId.get(idKey(this.#feature, row)));
    const found = conflicts.find((conflict) => conflict !== undefined);
    return found && { ...found, parent: idOf(this.#feature, requested) };
  }

  /** The error of such a work item. */
  errorOf(item: ComputedItem): Error {
    const conflict = this.conflictOf(item);
    return idOfOtherParent(this.#feature, conflict === undefined ? [] : [conflict]);
  }
}

/** The ids as text, which most types print as the store does. */
function idKey({ spec }: AnyFeature, row: AnyRow): string {
  return spec.idColumns.map((column) => String(row[column])).join("\0");
}
