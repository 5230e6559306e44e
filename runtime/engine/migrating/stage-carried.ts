import type { DerivedPlan, EngineName, PreviousDefinition } from "../../contract.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { planSql } from "../plan-sql.ts";
import { expectedItems, withSampleHash } from "../resolve/expected-items.ts";
import { storedItems } from "../resolve/stored-items.ts";
import { lacksIdColumn } from "../tables/counted-rows.ts";
import { emptyParentRows, emptyParentsSchema } from "../tables/empty-parents.ts";
import { versionLog } from "../tables/latest-rows.ts";
import { columnSql } from "../tables/relation.ts";
import { withCtes } from "../tables/work-items.ts";
import { compareUpstream } from "./compare-upstream.ts";
import { storedRows, storedTable } from "./stored-rows.ts";

/** Temporary tables of the rows to carry over. */
const [beforeTable, occupiedTable, itemsTable, rowsTable] = [
  "stemma_before",
  "stemma_occupied",
  "stemma_carried_items",
  "stemma_carried",
] as const;

/** The rows to carry over, in temporary tables of the session. */
export interface StagedCarryOver {
  /** SQL of the rows to write: declared columns, versions and `metaxy_created_at`. */
  readonly rows: string;
  /** SQL of the parents without children, and their provenance. */
  readonly emptyParents: string;
  readonly counts: {
    readonly samples: number;
    readonly rows: number;
    readonly emptyParents: number;
    /** Work items that are not carried over, though no row of theirs is stored under the current version. */
    readonly left: number;
    /** Work items that have a row under the current version, and so are left as they are. */
    readonly present: number;
  };
  readonly waitsFor: readonly string[];
}

/**
 * Finds the rows that can be carried over, and computes their versions under the current definition.
 *
 * `upToDate` takes only work items that were up to date under the previous definition and whose upstream rows are the
 * same now; `expected` takes all that are expected now.
 */
export async function stageCarried(
  session: EngineSession,
  feature: AnyFeature,
  previous: PreviousDefinition,
  which: "upToDate" | "expected",
): Promise<StagedCarryOver> {
  const before = previousFeature(feature, previous);
  const table = await storedTable(session, before);
  const sql = storedRows(session.dialect, table, before, {
    members: Object.keys(before.plan.fieldMembers),
    systemColumns: ["metaxy_created_at"],
  });
  const { antiJoin, createTemp, tempName } = session.dialect;
  await session.run(createTemp(beforeTable, sql, "replace"));
  await session.run(createTemp(occupiedTable, await occupiedItems(session, feature), "replace"));
  const previousEmptyParents = feature.plan.traits.mayBeEmpty
    ? await emptyParentsSchema(session, before)
    : undefined;
  const emptyParentItems =
    previousEmptyParents === undefined
      ? undefined
      : emptyParentRows(session.dialect, before, previousEmptyParents);
  const grain = feature.plan.grain.map(quoteIdentifier);
  const all = storedItems(session.dialect, before, tempName(beforeTable), [], emptyParentItems, undefined);
  const free = `SELECT * FROM (${all}) AS f
    ${antiJoin(`${tempName(occupiedTable)} AS o`, same(grain, "f", "o"))}`;
  const waitsFor = await stageItems(session, { feature, before, previous, free, which });
  await session.run(createTemp(rowsTable, carriedRows(session.dialect, feature, previous), "replace"));
  const empty = `SELECT * FROM ${tempName(itemsTable)} AS i
    ${antiJoin(`${tempName(beforeTable)} AS b`, same(grain, "i", "b"))}`;
  return {
    rows: `SELECT * FROM ${tempName(rowsTable)}`,
    emptyParents: empty,
    counts: await countStaged(session, { all, free, empty }),
    waitsFor,
  };
}

async function countStaged(
  session: EngineSession,
  { all, free, empty }: { readonly all: string; readonly free: string; readonly empty: string },
): Promise<StagedCarryOver["counts"]> {
  const { tempName } = session.dialect;
  const relations = {
    samples: tempName(itemsTable),
    rows: tempName(rowsTable),
    emptyParents: `(${empty})`,
    free: `(${free})`,
    all: `(${all})`,
  };
  const counts = Object.entries(relations).map(
    ([name, relation]) => `(SELECT count(*) FROM ${relation}) AS ${quoteIdentifier(name)}`,
  );
  const [found] = await session.rows(`SELECT ${counts.join(", ")}`);
  const count = (name: keyof typeof relations) => Number(found?.[name]);
  return {
    samples: count("samples"),
    rows: count("rows"),
    emptyParents: count("emptyParents"),
    left: count("free") - count("samples"),
    present: count("all") - count("free"),
  };
}

/** SQL of the work items that have any stored row under the current version, deletion marks included. */
async function occupiedItems(session: EngineSession, feature: AnyFeature): Promise<string> {
  const { spec, plan, featureVersion } = feature;
  const grain = plan.grain.map(quoteIdentifier).join(", ");
  const ids = spec.idColumns.map(quoteIdentifier);
  const { semiJoin, tempName } = session.dialect;
  const stored = tempName(beforeTable);
  const items = [`SELECT ${grain} FROM ${stored} WHERE false`];
  const table = await storedTable(session, feature);
  if (table !== undefined && !lacksIdColumn(table, spec.idColumns)) {
    const columns = [...new Set([...spec.idColumns, ...plan.grain])].map((column) => {
      return `${columnSql(session.dialect, { table, ...spec }, column)} AS ${quoteIdentifier(column)}`;
    });
    const log = `SELECT ${columns.join(", ")} FROM ${versionLog(session.dialect, table, featureVersion, "all")}`;
    items.push(`SELECT ${grain} FROM (${log}) AS l`);
    // Otherwise a carried row would take the id of an item that has it now.
    items.push(`SELECT ${grain} FROM ${stored} AS b ${semiJoin(`(${log}) AS l`, same(ids, "b", "l"))}`);
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

/** Stages the work items that can be carried over, with their provenance under the current names. */
async function stageItems(
  session: EngineSession,
  {
    feature,
    before,
    previous,
    free,
    which,
  }: {
    readonly feature: AnyFeature;
    readonly before: AnyFeature;
    readonly previous: PreviousDefinition;
    readonly free: string;
    readonly which: "upToDate" | "expected";
  },
): Promise<readonly string[]> {
  const { plan } = feature;
  const { dialect } = session;
  const { values } = dialect;
  const grain = plan.grain.map(quoteIdentifier);
  if (plan.kind === "root" || before.plan.kind === "root") {
    const members = renamedMembers(values, previous, (old) =>
      values.member("metaxy_provenance_by_field", old),
    );
    const items = `SELECT ${grain.join(", ")}, ${members} AS metaxy_provenance_by_field FROM (${free})`;
    await session.run(
      dialect.createTemp(itemsTable, withSampleHash(dialect, plan.fieldMembers, items), "replace"),
    );
    return [];
  }
  const upstream = await compareUpstream(session, plan, previous);
  const expected = (of: typeof plan, ctes: ReadonlyMap<string, string>): string => {
    const sql = planSql(of, dialect.name);
    return `(${withCtes(ctes)}${expectedItems(dialect, of, sql, sql.lineageInputs)})`;
  };
  const wasUpToDate = `INNER JOIN ${expected(before.plan, upstream.before)} AS b ON ${same(grain, "n", "b")}
       AND s.metaxy_provenance = b.metaxy_provenance AND NOT coalesce(b.stemma_conflict, false)`;
  const carried = `SELECT DISTINCT ${grain.map((column) => `n.${column}`).join(", ")}, n.metaxy_provenance_by_field, n.metaxy_provenance
     FROM ${expected(plan, upstream.now)} AS n
     INNER JOIN (${free}) AS s ON ${same(grain, "n", "s")}
     ${which === "upToDate" ? wasUpToDate : ""}
     WHERE NOT coalesce(n.stemma_conflict, false)`;
  await session.run(dialect.createTemp(itemsTable, carried, "replace"));
  return upstream.waitsFor;
}

/** SQL of the rows of staged items. A data version that equals the provenance follows it; one of the writer's own stays. */
function carriedRows(
  { tempName, values }: Dialect,
  feature: AnyFeature,
  previous: PreviousDefinition,
): string {
  const { spec, plan } = feature;
  const dataVersions = renamedMembers(values, previous, (old, member) => {
    const version = values.member("b.metaxy_data_version_by_field", old);
    return `CASE WHEN ${version} IS NOT DISTINCT FROM ${values.member("b.metaxy_provenance_by_field", old)}
      THEN ${values.member("i.metaxy_provenance_by_field", member)} ELSE ${version} END`;
  });
  const columns = Object.keys(spec.columns).map((column) => `b.${quoteIdentifier(column)}`);
  return `SELECT ${columns.join(", ")}, i.metaxy_provenance_by_field, i.metaxy_provenance,
      ${dataVersions} AS metaxy_data_version_by_field, b.metaxy_created_at
    FROM ${tempName(beforeTable)} AS b INNER JOIN ${tempName(itemsTable)} AS i ON ${same(plan.grain.map(quoteIdentifier), "b", "i")}`;
}

/** SQL of a struct with the current members. */
function renamedMembers(
  values: ValueDialect,
  { fieldMembers }: PreviousDefinition,
  value: (old: string, member: string) => string,
): string {
  const members = Object.entries(fieldMembers).sort(([a], [b]) => (a < b ? -1 : 1));
  return values.struct(members.map(([member, old]) => [member, value(old, member)]));
}

function same(columns: readonly string[], left: string, right: string): string {
  return columns.map((column) => `${left}.${column} = ${right}.${column}`).join(" AND ");
}

/** A feature as it was before names changed: the functions that read current rows read its former rows by it. */
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

/** The SQL of the current plan with the provenance of the previous definition, per engine. */
function previousSql({ sql }: DerivedPlan, previous: PreviousDefinition): DerivedPlan["sql"] {
  const engines = Object.keys(sql) as EngineName[];
  return Object.fromEntries(
    engines.map((engine) => [engine, { ...planSql({ sql }, engine), ...previous.sql?.[engine] }]),
  );
}
