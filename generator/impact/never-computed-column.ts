/**
 * Column of rehearsed rows: true for a sample that was never computed, so that its other columns are null where they
 * don't arrive from upstream.
 */
export const neverComputedColumn = "stemma_never_computed";
