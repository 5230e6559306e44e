import type { DerivedPlan, PreviousDefinition } from "../../contract.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { planSql } from "../plan-sql.ts";
import { withCtes } from "../resolve/comparison.ts";
import { emptyParentRows, emptyParentsSchema } from "../resolve/empty-parents.ts";
import { expectedItems, withSampleHash } from "../resolve/expected-items.ts";
import { storedItems } from "../resolve/stored-items.ts";
import { lacksIdColumn } from "../tables/counted-rows.ts";
import { versionLog } from "../tables/latest-rows.ts";
import { columnSql } from "../tables/relation.ts";
import { compareUpstream } from "./compare-upstream.ts";
import { storedRows, storedTable } from "./stored-rows.ts";

/** Temporary tables of what is to be carried over. */
const [beforeTable, occupiedTable, itemsTable, rowsTable] = [
  "temp.stemma_before",
  "temp.stemma_occupied",
  "temp.stemma_carried_items",
  "temp.stemma_carried",
];

/** What is to be carried over, in temporary tables of the session. */
export interface StagedCarryOver {
  /** SQL of the rows: declared columns, versions and `metaxy_created_at`, as they are to be written. */
  readonly rows: string;
  /** SQL of the parents without children, and their provenance. */
  readonly emptyParents: string;
  readonly counts: {
    readonly samples: number;
    readonly rows: number;
    readonly emptyParents: number;
    readonly left: number;
  };
  readonly waitsFor: readonly string[];
}

/** Finds the rows that can be carried over, and what their versions are under today's names. */
export async function stageCarried(
  session: EngineSession,
  feature: AnyFeature,
  previous: PreviousDefinition,
): Promise<StagedCarryOver> {
  const before = previousFeature(feature, previous);
  const table = await storedTable(session, before);
  const sql = storedRows(session.dialect, table, before, {
    members: Object.keys(before.plan.fieldMembers),
    systemColumns: ["metaxy_created_at"],
  });
  await session.run(`CREATE OR REPLACE TEMP TABLE ${beforeTable} AS ${sql}`);
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${occupiedTable} AS ${await occupiedItems(session, feature)}`,
  );
  const previousEmptyParents = feature.plan.traits.mayBeEmpty
    ? await emptyParentsSchema(session, before)
    : undefined;
  const emptyParentItems =
    previousEmptyParents === undefined
      ? undefined
      : emptyParentRows(session.dialect, before, previousEmptyParents);
  const grain = feature.plan.grain.map(quoteIdentifier).join(", ");
  const free = `SELECT * FROM (${storedItems(session.dialect, before, beforeTable, [], emptyParentItems, undefined)})
    ANTI JOIN ${occupiedTable} USING (${grain})`;
  const waitsFor = await stageItems(session, feature, before, previous, free);
  await session.run(`CREATE OR REPLACE TEMP TABLE ${rowsTable} AS ${carriedRows(feature, previous)}`);
  const empty = `SELECT * FROM ${itemsTable} ANTI JOIN ${beforeTable} USING (${grain})`;
  return {
    rows: `SELECT * FROM ${rowsTable}`,
    emptyParents: empty,
    counts: await countStaged(session, free, empty),
    waitsFor,
  };
}

async function countStaged(
  session: EngineSession,
  free: string,
  empty: string,
): Promise<StagedCarryOver["counts"]> {
  const count = (from: string): string => `(SELECT count(*) FROM ${from})`;
  const [found] = await session.rows(
    `SELECT ${count(itemsTable)} AS samples, ${count(rowsTable)} AS rows, ${count(`(${empty})`)} AS empty,
       ${count(`(${free})`)} AS free`,
  );
  const [samples, rows, emptyParents, all] = ["samples", "rows", "empty", "free"].map((name) =>
    Number(found?.[name]),
  );
  return {
    samples: samples ?? 0,
    rows: rows ?? 0,
    emptyParents: emptyParents ?? 0,
    left: (all ?? 0) - (samples ?? 0),
  };
}

/** SQL of the work items of which anything is stored under today's version, deletion marks included. */
async function occupiedItems(session: EngineSession, feature: AnyFeature): Promise<string> {
  const { spec, plan, featureVersion } = feature;
  const grain = plan.grain.map(quoteIdentifier).join(", ");
  const ids = spec.idColumns.map(quoteIdentifier).join(", ");
  const items = [`SELECT ${grain} FROM ${beforeTable} WHERE false`];
  const table = await storedTable(session, feature);
  if (table !== undefined && !lacksIdColumn(table, spec.idColumns)) {
    const columns = [...new Set([...spec.idColumns, ...plan.grain])].map((column) => {
      return `${columnSql(session.dialect, { table, ...spec }, column)} AS ${quoteIdentifier(column)}`;
    });
    const log = `SELECT ${columns.join(", ")} FROM ${versionLog(session.dialect, table, featureVersion, "all")}`;
    items.push(`SELECT ${grain} FROM (${log})`);
    // An id that another item has today would be taken from it.
    items.push(`SELECT ${grain} FROM ${beforeTable} SEMI JOIN (${log}) USING (${ids})`);
  }
  const currentEmptyParents = feature.plan.traits.mayBeEmpty
    ? await emptyParentsSchema(session, feature)
    : undefined;
  if (currentEmptyParents !== undefined)
    items.push(
      `SELECT ${grain} FROM ${currentEmptyParents.name} WHERE metaxy_feature_version = ${quoteLiteral(featureVersion)}`,
    );
  return items.join(" UNION ");
}

/** Stages the work items that can be carried over, with their provenance under today's names. */
async function stageItems(
  session: EngineSession,
  feature: AnyFeature,
  before: AnyFeature,
  previous: PreviousDefinition,
  free: string,
): Promise<readonly string[]> {
  const { plan } = feature;
  const grain = plan.grain.map(quoteIdentifier);
  if (plan.kind === "root" || before.plan.kind === "root") {
    const members = renamedMembers(previous, (old) => `metaxy_provenance_by_field.${quoteIdentifier(old)}`);
    const items = `SELECT ${grain.join(", ")}, ${members} AS metaxy_provenance_by_field FROM (${free})`;
    await session.run(
      `CREATE OR REPLACE TEMP TABLE ${itemsTable} AS ${withSampleHash(session.dialect, plan.fieldMembers, items)}`,
    );
    return [];
  }
  const upstream = await compareUpstream(session, plan, previous);
  const expected = (of: typeof plan, ctes: ReadonlyMap<string, string>): string => {
    const sql = planSql(of, "duckdb");
    return `(${withCtes(ctes)}${expectedItems(session.dialect, of, sql, sql.lineageInputs)})`;
  };
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${itemsTable} AS
     SELECT DISTINCT ${grain.map((column) => `n.${column}`).join(", ")}, n.metaxy_provenance_by_field, n.metaxy_provenance
     FROM ${expected(plan, upstream.now)} AS n
     INNER JOIN ${expected(before.plan, upstream.before)} AS b ON ${same(grain, "n", "b")}
     INNER JOIN (${free}) AS s ON ${same(grain, "n", "s")}
     WHERE s.metaxy_provenance = b.metaxy_provenance
       AND NOT coalesce(n.stemma_conflict, false) AND NOT coalesce(b.stemma_conflict, false)`,
  );
  return upstream.waitsFor;
}

/** SQL of the rows of staged items. A data version that is the provenance follows it; one of the writer's own stays. */
function carriedRows(feature: AnyFeature, previous: PreviousDefinition): string {
  const { spec, plan } = feature;
  const dataVersions = renamedMembers(previous, (old, member) => {
    const [version, provenance] = ["metaxy_data_version_by_field", "metaxy_provenance_by_field"].map(
      (column) => `b.${column}.${quoteIdentifier(old)}`,
    );
    return `CASE WHEN ${version} IS NOT DISTINCT FROM ${provenance}
      THEN i.metaxy_provenance_by_field.${quoteIdentifier(member)} ELSE ${version} END`;
  });
  const columns = Object.keys(spec.columns).map((column) => `b.${quoteIdentifier(column)}`);
  return `SELECT ${columns.join(", ")}, i.metaxy_provenance_by_field, i.metaxy_provenance,
      ${dataVersions} AS metaxy_data_version_by_field, b.metaxy_created_at
    FROM ${beforeTable} AS b INNER JOIN ${itemsTable} AS i ON ${same(plan.grain.map(quoteIdentifier), "b", "i")}`;
}

/** SQL of a struct with today's members. */
function renamedMembers(
  { fieldMembers }: PreviousDefinition,
  value: (old: string, member: string) => string,
): string {
  const members = Object.entries(fieldMembers).sort(([a], [b]) => (a < b ? -1 : 1));
  return `struct_pack(${members.map(([member, old]) => `${quoteIdentifier(member)} := ${value(old, member)}`).join(", ")})`;
}

function same(columns: readonly string[], left: string, right: string): string {
  return columns.map((column) => `${left}.${column} = ${right}.${column}`).join(" AND ");
}

/** A feature as it was before names changed: what reads rows of today reads those of then by it. */
function previousFeature(feature: AnyFeature, previous: PreviousDefinition): AnyFeature {
  const { key, table, featureVersion } = previous;
  const oldKeys = feature.spec.renamedFrom?.fields ?? {};
  const fieldMembers = Object.fromEntries(
    Object.entries(previous.fieldMembers).map(([member, old]) => {
      const field = feature.plan.fieldMembers[member] ?? member;
      return [old, oldKeys[field] ?? field];
    }),
  );
  const plan =
    feature.plan.kind === "root"
      ? { ...feature.plan, fieldMembers }
      : { ...feature.plan, fieldMembers, sql: previousSql(feature.plan, previous) };
  return { ...feature, key, table, featureVersion, plan };
}

/** The SQL of today's plan with the provenance of then. */
function previousSql({ sql }: DerivedPlan, previous: PreviousDefinition): DerivedPlan["sql"] {
  const { duckdb } = sql;
  return duckdb === undefined ? {} : { duckdb: { ...duckdb, ...previous.sql?.duckdb } };
}
