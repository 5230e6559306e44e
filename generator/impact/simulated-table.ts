import { parsedColumns } from "../../runtime/columns/parsed-columns.ts";
import type { Dialect } from "../../runtime/dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../runtime/dialect/sql-text.ts";
import { counted } from "../../runtime/engine/tables/counted-rows.ts";
import { emptyParentsTable } from "../../runtime/engine/tables/empty-parents.ts";
import { featureTable } from "../../runtime/engine/tables/feature-tables.ts";
import { readIdSpans, wasLastWrittenUnderOtherIds } from "../../runtime/engine/tables/id-columns.ts";
import { numberedRows, type PhysicalTable } from "../../runtime/engine/tables/physical-table.ts";
import { currentRows, noRows, type RelationSpec } from "../../runtime/engine/tables/relation.ts";
import { systemColumns, versionColumns } from "../../runtime/engine/tables/system-columns.ts";
import type { AnyFeature } from "../../runtime/feature.ts";
import { copyEmptyParents } from "./recorded-empty-parents.ts";
import { neverComputedColumn, type SimulatedFeature } from "./simulated-feature.ts";
import type { SimulationCatalog } from "./simulation-catalog.ts";

/** The table of a feature in the store. */
export interface StoredTable {
  /** The table under its full name, with the rows of a version that count: those that were written under its ids. */
  readonly under: (featureVersion: string) => PhysicalTable;
  /** Whether a version was last written under other ids than the spec's: its rows then identify no samples. */
  readonly hasOtherIds: (featureVersion: string) => boolean;
}

/** The table of a feature in the store; undefined where it was never written. */
export async function storedTable(
  store: SimulationCatalog,
  feature: AnyFeature,
): Promise<StoredTable | undefined> {
  return store.within(feature, async (session) => {
    const found = await featureTable(session, feature, store.nameOf(feature.table));
    if (found === undefined) return undefined;
    const { table, spec } = feature;
    const stored = numberedRows(session.dialect, found);
    const spans = await readIdSpans(session, [table]);
    const rowsOf = (featureVersion: string) => ({ table, featureVersion, idColumns: spec.idColumns });
    return {
      // The functions that read rows leave out those without an id.
      under: (version) => ({ ...stored, ...counted(session.dialect, rowsOf(version), 0, spans, stored) }),
      hasOtherIds: (version) => wasLastWrittenUnderOtherIds(spans, rowsOf(version), stored),
    };
  });
}

/** Creates the table of a feature in the simulation, with the current rows of the store. */
export async function copyCurrentRows(
  store: SimulationCatalog,
  simulation: SimulationCatalog,
  simulated: SimulatedFeature,
  stored: StoredTable | undefined,
): Promise<void> {
  const { feature } = simulated;
  await simulation.within(feature, async (session) => {
    const rows = simulatedRows(session.dialect, simulated, stored, feature.featureVersion);
    await session.run(`CREATE TABLE ${simulation.nameOf(feature.table)} AS ${rows}`);
  });
  if (feature.plan.traits.mayBeEmpty) await copyEmptyParents(store, simulation, feature);
}

/** Drops the simulated table of a feature once no feature reads it any more. */
export async function dropSimulated(simulation: SimulationCatalog, feature: AnyFeature): Promise<void> {
  await simulation.within(feature, async (session) => {
    for (const table of [feature.table, emptyParentsTable(feature)])
      await session.run(`DROP TABLE IF EXISTS ${simulation.nameOf(table)}`);
  });
}

/** SQL of the rows that are stored under a version, as rows of the simulation under the current version. */
export function simulatedRows(
  dialect: Dialect,
  { feature, retainedColumns, blocked = {} }: SimulatedFeature,
  stored: StoredTable | undefined,
  featureVersion: string,
): string {
  const table = stored?.under(featureVersion);
  const { idColumns, columns } = feature.spec;
  const spec: Omit<RelationSpec, "table"> = {
    idColumns,
    featureVersion,
    columns: Object.fromEntries(retainedColumns.map((column) => [column, columns[column] ?? "VARCHAR"])),
    members: Object.keys(feature.plan.fieldMembers),
    filters: idColumns.map((column) => `${quoteIdentifier(column)} IS NOT NULL`),
  };
  const nulls = Object.entries(systemColumns)
    .filter(([column]) => !known.has(column))
    .map(([column, type]) => `${dialect.values.nullOf(type)} AS ${column}`);
  const unknown = [...parsedColumns(blocked)].map(
    ([column, { type }]) =>
      `${dialect.values.nullOf(dialect.values.typeName(type))} AS ${quoteIdentifier(column)}`,
  );
  const isNeverComputed = unknown.length > 0 ? "true" : lacksRequired(spec.columns, idColumns);
  return `SELECT *, ${quoteLiteral(feature.featureVersion)} AS metaxy_feature_version, ${[...nulls, ...unknown].join(", ")},
      ${isNeverComputed} AS ${neverComputedColumn}
    FROM (${table === undefined ? noRows(dialect, spec) : currentRows(dialect, { ...spec, table })})`;
}

/** SQL condition: the row lacks a required value, so it will be written again with values that are unknown now. */
function lacksRequired(columns: RelationSpec["columns"], ids: readonly string[]): string {
  const required = [...parsedColumns(columns)].filter(
    ([name, { nullable }]) => !ids.includes(name) && !nullable,
  );
  return required.length === 0
    ? "false"
    : required.map(([name]) => `${quoteIdentifier(name)} IS NULL`).join(" OR ");
}

const known: ReadonlySet<string> = new Set([...versionColumns, "metaxy_feature_version"]);
