import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";

/** Values of columns, as text or as the caller passed them. */
export type Named = Readonly<Record<string, unknown>>;

/** An id in a row of one work item that belongs to another one. */
export interface IdConflict {
  readonly id: Named;
  /** The grain of the work item with the row. */
  readonly parent: Named;
  /** The grain of the work item to which it belongs. */
  readonly holder: Named;
}

/**
 * The refusal of ids that other parents have. The facts of the error contain all conflicts, so that a batch can be
 * written without them.
 */
export function idOfOtherParent(feature: AnyFeature, conflicts: readonly IdConflict[]): InputError {
  const [first = { id: {}, parent: {}, holder: {} }] = conflicts;
  const { id, parent, holder } = first;
  const missing = feature.plan.grain.filter((column) => !feature.spec.idColumns.includes(column));
  const others = conflicts.length === 1 ? "" : ` (the first of ${conflicts.length} such rows)`;
  return new InputError(
    "id-of-other-parent",
    `The row of ${feature.key} with ${text(id)} for ${text(parent)}${others} has an id that belongs to ${text(holder)}, which is expected and in sync: an id belongs to one parent. Make ids that differ from parent to parent, or add ${missing.join(", ")} to idColumns; to move the id, delete the rows of ${text(holder)} first, with store.delete or "stemma delete". Nothing of this was written.`,
    { feature: feature.key, id, parent, holder, conflicts },
  );
}

function text(columns: Named): string {
  return Object.entries(columns)
    .map(([column, value]) => `${column} = ${value === null ? "null" : JSON.stringify(String(value))}`)
    .join(", ");
}
