import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { SetKind } from "../../increment.ts";
import type { ResolvedSource, ResolvedSources } from "../checkpoint/resolved-sources.ts";
import { sampleHash } from "../resolve/expected-items.ts";
import type { ExpectedRows } from "../resolve/expected-rows.ts";
import { commonValue } from "../resolve/stored-items.ts";
import { noRows } from "../tables/relation.ts";
import { sameGrain, withCtes, workItemsTable } from "../tables/work-items.ts";

/** What the rows of an increment are read from. */
export interface IncrementSource {
  readonly feature: AnyFeature;
  readonly expected: ExpectedRows;
  /** SQL of the target's current rows, undefined where there is no stored side. */
  readonly stored: string | undefined;
  /** SQL of the ids of stored rows and their times of creation; undefined where a write has to look for them. */
  readonly created: string | undefined;
  /** Whether the grains are in a table; else they are in a view, all of them new. */
  readonly isMaterialized: boolean;
  /** The tables that rows of the sets are read from. */
  readonly sources: ResolvedSources;
}

/** The tables that the rows of a set are read from. */
export function sourcesOf({ sources }: IncrementSource, kind: SetKind): readonly ResolvedSource[] {
  return kind === "orphaned" ? sources.stored : sources.expected;
}

/** SQL of the rows of a set: user columns and computed versions. */
export function setRows(dialect: Dialect, source: IncrementSource, kind: SetKind): string {
  return kind === "orphaned" ? orphanedRows(dialect, source) : expectedRows(dialect, source, kind);
}

/** SQL of the wanted columns where each row is a grain, and the grains themselves have them; else undefined. */
export function setFromItems(
  { feature, expected }: IncrementSource,
  kind: SetKind,
  columns: readonly string[],
): string | undefined {
  const { grain, ...plan } = feature.plan;
  const isRow =
    kind === "orphaned" || expected.ownDataVersions || plan.kind === "root" || plan.cardinality === "one";
  const compared = [
    "metaxy_provenance",
    "metaxy_provenance_by_field",
    "metaxy_changed_fields",
    "metaxy_cause",
  ];
  const known = kind === "orphaned" ? grain : [...grain, ...compared];
  if (!isRow || !columns.every((column) => known.includes(column))) return undefined;
  return `SELECT * FROM ${workItemsTable} WHERE stemma_set = '${kind}'`;
}

/** User columns of a set and their types. */
export function setColumns({ feature, expected }: IncrementSource, kind: SetKind): Record<string, string> {
  if (kind === "orphaned" || feature.plan.kind === "root" || expected.ownDataVersions)
    return feature.spec.columns;
  return feature.plan.inputColumns;
}

/** Columns by which the rows of a set are ordered: the grain, and within a group all others that are read. */
export function setOrder(
  source: IncrementSource,
  kind: SetKind,
  columns: readonly string[],
): readonly string[] {
  const { grain, ...plan } = source.feature.plan;
  const grouped = plan.kind === "derived" && plan.cardinality !== "one" && kind !== "orphaned";
  if (!grouped) return grain;
  const others = Object.keys(setColumns(source, kind)).filter((column) => columns.includes(column));
  return [...new Set([...grain, ...others])];
}

/** Whether the rows of an increment whose grains are in a view can be read in one pass, without a look at these. */
export function isSinglePass({ isMaterialized, expected }: IncrementSource): boolean {
  return !isMaterialized && expected.singlePass !== undefined;
}

function expectedRows(dialect: Dialect, source: IncrementSource, kind: "new" | "stale"): string {
  const { feature, expected } = source;
  if (isSinglePass(source)) {
    return `${withCtes(expected.ctes)}
      SELECT ${expected.columns.map(quoteIdentifier).join(", ")}, metaxy_provenance_by_field, metaxy_provenance,
        metaxy_provenance_by_field AS metaxy_data_version_by_field, metaxy_provenance AS metaxy_data_version
      FROM (${expected.singlePass})${kind === "new" ? "" : " WHERE false"}`;
  }
  const dataVersions = expected.ownDataVersions
    ? `coalesce(r.metaxy_data_version_by_field, g.metaxy_provenance_by_field) AS metaxy_data_version_by_field,
       CASE WHEN r.metaxy_data_version_by_field IS NULL THEN g.metaxy_provenance
         ELSE ${sampleHash(dialect, feature.plan.fieldMembers, "r.metaxy_data_version_by_field")} END AS metaxy_data_version`
    : `g.metaxy_provenance_by_field AS metaxy_data_version_by_field, g.metaxy_provenance AS metaxy_data_version`;
  return `${withCtes(expected.ctes)}
    SELECT ${expected.columns.map((column) => `r.${quoteIdentifier(column)}`).join(", ")},
      g.metaxy_provenance_by_field, g.metaxy_provenance, ${dataVersions}, g.metaxy_changed_fields
    FROM ${workItemsTable} AS g INNER JOIN (${expected.rows}) AS r ON ${sameGrain(feature, "r", "g")}
    WHERE g.stemma_set = '${kind}'`;
}

/** Stored rows that are no longer expected; one per grain, with what its rows share, where a grain has several. */
function orphanedRows(dialect: Dialect, { feature, stored }: IncrementSource): string {
  const { grain, fieldMembers } = feature.plan;
  const columns = Object.keys(feature.spec.columns);
  const dataVersions = ["metaxy_data_version_by_field", "metaxy_data_version"];
  const from = `FROM (SELECT * FROM ${workItemsTable} WHERE stemma_set = 'orphaned') AS g
    LEFT JOIN (${stored ?? noRows(dialect, { ...emptySpec(feature), members: Object.keys(fieldMembers) })}) AS r
      ON ${sameGrain(feature, "r", "g")}`;
  if (feature.plan.traits.outputs === "one") {
    return `SELECT ${[...columns, ...dataVersions].map((column) => `r.${quoteIdentifier(column)}`).join(", ")},
      r.metaxy_provenance_by_field, r.metaxy_provenance ${from}`;
  }
  const value = (column: string) =>
    grain.includes(column)
      ? `g.${quoteIdentifier(column)}`
      : commonValue(dialect, `r.${quoteIdentifier(column)}`);
  return `SELECT ${[...columns, ...dataVersions].map((column) => `${value(column)} AS ${quoteIdentifier(column)}`).join(", ")},
      CASE WHEN count(r.metaxy_provenance) = 0 AND count(r.metaxy_provenance_by_field) = 0
        THEN ${dialect.anyValue("g.metaxy_provenance_by_field")}
        ELSE ${commonValue(dialect, "r.metaxy_provenance_by_field")} END AS metaxy_provenance_by_field,
      ${dialect.anyValue("g.metaxy_provenance")} AS metaxy_provenance
    ${from} GROUP BY ${grain.map((column) => `g.${quoteIdentifier(column)}`).join(", ")}`;
}

function emptySpec(feature: AnyFeature): Parameters<typeof noRows>[1] {
  const { idColumns, columns } = feature.spec;
  return { idColumns, columns, featureVersion: feature.featureVersion, members: [], filters: [] };
}
