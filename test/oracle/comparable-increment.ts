import type { NaiveIncrement } from "./increments.ts";
import type { Row } from "./row.ts";

/** What resolve gave, in a form in which two of them can be compared: a refusal, or sets as multisets of rows. */
export type ComparableIncrement =
  | { readonly refused: string }
  | {
      readonly counts: Counts;
      readonly rowCounts: Counts;
      readonly new: readonly string[];
      readonly stale: readonly string[];
      readonly orphaned: readonly string[];
    };

type Counts = Readonly<Record<"new" | "stale" | "orphaned", number>>;

/** Rows as sorted texts. Of orphaned rows, system columns beside the versions are left out. */
export function comparableIncrement(
  found: Omit<NaiveIncrement, "grain">,
  rowCounts?: Counts,
): ComparableIncrement {
  return {
    counts: found.counts,
    rowCounts: rowCounts ?? {
      new: found.new.length,
      stale: found.stale.length,
      orphaned: found.orphaned.length,
    },
    new: multiset(found.new),
    stale: multiset(found.stale),
    orphaned: multiset(found.orphaned),
  };
}

const comparedSystemColumns = new Set([
  "metaxy_provenance_by_field",
  "metaxy_provenance",
  "metaxy_data_version_by_field",
  "metaxy_data_version",
  "metaxy_changed_fields",
]);

function multiset(rows: readonly Row[]): string[] {
  return rows
    .map((row) => {
      const kept = Object.entries(row).filter(
        ([column]) => !column.startsWith("metaxy_") || comparedSystemColumns.has(column),
      );
      return JSON.stringify(inOrder(Object.fromEntries(kept)));
    })
    .toSorted();
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.toSorted();
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, inOrder(inner)]));
}
