import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import { matchesRepeated, type Repeated, rowTime } from "../tables/latest-rows.ts";
import { type LogSpec, logOf } from "../tables/relation.ts";

/** Whether an id may move from one work item to another: the children of an expansion whose ids lack the parent's. */
export function hasMovableIds(feature: AnyFeature): boolean {
  const { idColumns } = feature.spec;
  return (
    feature.plan.traits.outputs === "many" &&
    !feature.plan.grain.every((column) => idColumns.includes(column))
  );
}

/** SQL of the time of a row for comparing: a row without one is older than all others. */
export function comparableTime(dialect: Dialect): string {
  return `coalesce(${rowTime(dialect)}, ${dialect.startOfTime})`;
}

/**
 * SQL of the grains that lost an id to another grain: the grain, `stemma_taken_at`, when the last one was taken, and
 * `stemma_lost_time`, the latest time of a row that was lost. Undefined where no id occurs twice in the log.
 *
 * What is left of such a work item has the right provenance, but is incomplete.
 */
export function itemsThatLostIds(
  dialect: Dialect,
  feature: AnyFeature,
  spec: LogSpec,
  repeated: Repeated | undefined,
): string | undefined {
  if (repeated === "none") return undefined;
  const grain = feature.plan.grain.map(quoteIdentifier).join(", ");
  const log = `SELECT ${dialect.log.column} AS stemma_row, * FROM ${logOf(dialect, spec).log}`;
  const rows =
    repeated === undefined
      ? log
      : `SELECT * FROM (${log}) WHERE ${matchesRepeated(dialect, spec.idColumns, repeated)}`;
  const time = comparableTime(dialect);
  const tuple = dialect.tuple(feature.plan.grain.map(quoteIdentifier));
  return `SELECT ${grain}, max(stemma_taken_at) AS stemma_taken_at, max(stemma_time) AS stemma_lost_time
    FROM (
      SELECT ${grain}, metaxy_deleted_at, ${time} AS stemma_time, ${tuple} AS stemma_grain,
        lead(${tuple}) OVER later AS stemma_next_grain, lead(${time}) OVER later AS stemma_taken_at
      FROM (${rows})
      WINDOW later AS (PARTITION BY ${spec.idColumns.map(quoteIdentifier).join(", ")} ORDER BY ${time}, stemma_row))
    WHERE metaxy_deleted_at IS NULL AND stemma_taken_at IS NOT NULL AND stemma_next_grain IS DISTINCT FROM stemma_grain
    GROUP BY ${grain}`;
}

/**
 * SQL condition that a work item has not been written since it lost an id. `lost` has a row of
 * {@link itemsThatLostIds}; `latest` is SQL of the time of its latest row.
 */
export function hasLostIds(lost: string, latest: string): string {
  // A write may give one id up and take another at the same time; another program may give all rows one time.
  return `coalesce(${lost}.stemma_taken_at > ${latest} OR ${lost}.stemma_lost_time >= ${latest}, false)`;
}
