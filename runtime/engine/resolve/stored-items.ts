import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import { timeType } from "../tables/relation.ts";
import { hasLostIds } from "./moved-ids.ts";

/**
 * SQL of the stored side of a comparison, one row per grain: the grain, the provenance columns, and
 * `stemma_forced_stale`, whether a staleness predicate holds, or an id was lost to another grain.
 *
 * Where a grain has several stored rows (the children of an expansion), a version on which they differ is null, and
 * so differs from anything expected; one row that a predicate singles out is enough.
 */
export function storedItems(
  dialect: Dialect,
  feature: AnyFeature,
  stored: string,
  staleIf: readonly string[],
  emptyParents: string | undefined,
  lost: string | undefined,
): string {
  const grain = feature.plan.grain.map(quoteIdentifier);
  const isForcedStale =
    staleIf.length === 0
      ? "false"
      : `coalesce(${staleIf.map((filter) => `(${filter})`).join(" OR ")}, false)`;
  const rows = `SELECT ${grain.join(", ")}, metaxy_provenance, metaxy_provenance_by_field,
      ${isForcedStale} AS stemma_forced_stale${lost === undefined ? "" : `, ${storedTime(dialect)} AS stemma_time`} FROM ${stored}`;
  if (feature.plan.traits.outputs === "one") return rows;
  const emptyParentItems = `SELECT ${grain.join(", ")}, metaxy_provenance, metaxy_provenance_by_field,
      false AS stemma_forced_stale${lost === undefined ? "" : `, ${dialect.values.nullOf(timeType(dialect))} AS stemma_time`} FROM (${emptyParents})`;
  const all = emptyParents === undefined ? rows : `${rows} UNION ALL ${emptyParentItems}`;
  const byField = Object.keys(feature.plan.fieldMembers).map((member) => {
    const version = dialect.values.member("metaxy_provenance_by_field", member);
    return [member, commonValue(dialect, version)] as const;
  });
  const time = lost === undefined ? "" : ", max(stemma_time) AS stemma_time";
  const grouped = `SELECT ${grain.join(", ")}, ${commonValue(dialect, "metaxy_provenance")} AS metaxy_provenance,
      ${dialect.values.struct(byField)} AS metaxy_provenance_by_field,
      ${dialect.anyTrue("stemma_forced_stale")} AS stemma_forced_stale${time}
    FROM (${all}) GROUP BY ${grain.join(", ")}`;
  if (lost === undefined) return grouped;
  const isForced = `s.stemma_forced_stale OR ${hasLostIds("l", "s.stemma_time")}`;
  const columns = dialect.allColumns({
    of: "s",
    except: ["stemma_time"],
    replaced: [["stemma_forced_stale", isForced]],
  });
  return `SELECT ${columns}
    FROM (${grouped}) AS s LEFT JOIN (${lost}) AS l ON ${grain.map((column) => `s.${column} = l.${column}`).join(" AND ")}`;
}

/** SQL of the time of a current row; one without is older than all others. */
function storedTime(dialect: Dialect): string {
  return `coalesce(nullif(metaxy_updated_at, ${dialect.endOfTime}), ${dialect.startOfTime})`;
}

/** The value that all rows of a group have; null where they differ or one has none. */
export function commonValue(dialect: Dialect, column: string): string {
  return `CASE WHEN count(*) = count(${column}) AND count(DISTINCT ${column}) = 1 THEN ${dialect.anyValue(column)} END`;
}
