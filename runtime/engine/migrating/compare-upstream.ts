import type { DerivedPlan, PreviousDefinition, PreviousUpstream, UpstreamFacts } from "../../contract.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import { isCarriedOver } from "./carried-over-times.ts";
import { storedRows, storedTable } from "./stored-rows.ts";

/** The upstream features of a plan now and before names changed, as SQL by table, both in the names of today. */
export interface ComparedUpstream {
  readonly now: ReadonlyMap<string, string>;
  /**
   * A row that is not the same now is there as it was and as it is, under data versions that no sample was ever computed
   * from; so is a row that came since. What was computed from such rows is not in sync.
   */
  readonly before: ReadonlyMap<string, string>;
  /** Keys of those with rows that have no row under today's version yet. */
  readonly waitsFor: readonly string[];
}

/** A data version that no row has. */
const changed = "stemma: changed";

/** Compares what an increment would read of the upstream features now with what it would have read before. */
export async function compareUpstream(
  session: EngineSession,
  plan: DerivedPlan,
  previous: PreviousDefinition,
): Promise<ComparedUpstream> {
  const now = new Map<string, string>();
  const before = new Map<string, string>();
  const waitsFor: string[] = [];
  for (const [index, [key, facts]] of Object.entries(plan.upstream).entries()) {
    const was = previous.upstream?.[key];
    const tables = { now: `temp.stemma_now_${index}`, before: `temp.stemma_before_${index}` };
    await stageNow(session, key, facts, was, tables.now);
    if (was !== undefined && (await stageBefore(session, { facts, was, ...tables }))) waitsFor.push(key);
    now.set(facts.table, `SELECT * FROM ${tables.now}`);
    before.set(facts.table, `SELECT * FROM ${was === undefined ? tables.now : tables.before}`);
  }
  return { now, before, waitsFor };
}

async function stageNow(
  session: EngineSession,
  key: string,
  facts: UpstreamFacts,
  was: PreviousUpstream | undefined,
  name: string,
): Promise<void> {
  const { table, featureVersion, members } = facts;
  const rows = { key, table, featureVersion, spec: columnsBefore(facts, was) };
  const sql = storedRows(
    session.dialect,
    await storedTable(session, rows),
    rows,
    requiredReads(facts, members),
  );
  await session.run(`CREATE OR REPLACE TEMP TABLE ${name} AS ${sql}`);
}

/** Gives whether rows wait to be carried over, or computed. */
async function stageBefore(
  session: EngineSession,
  {
    facts,
    was,
    now,
    before,
  }: {
    readonly facts: UpstreamFacts;
    readonly was: PreviousUpstream;
    readonly now: string;
    readonly before: string;
  },
): Promise<boolean> {
  const { key, table, featureVersion, fieldMembers } = was;
  const rows = { key, table, featureVersion, spec: columnsBefore(facts, was) };
  const sql = storedRows(
    session.dialect,
    await storedTable(session, rows),
    rows,
    requiredReads(facts, Object.values(fieldMembers)),
  );
  const stored = `${before}_stored`;
  await session.run(`CREATE OR REPLACE TEMP TABLE ${stored} AS ${sql}`);

  const record = {
    table: facts.table,
    featureVersion: facts.featureVersion,
    fromTable: table,
    fromVersion: featureVersion,
  };
  const ids = facts.idColumns.map(quoteIdentifier);
  const columns = Object.keys(facts.columns).map(quoteIdentifier);
  const members = Object.entries(fieldMembers).map(([member, old]) => ({
    name: quoteIdentifier(member),
    before: `b.metaxy_data_version_by_field.${quoteIdentifier(old)}`,
    now: `n.metaxy_data_version_by_field.${quoteIdentifier(member)}`,
  }));
  const sameColumns = columns.map((column) => `b.${column} IS NOT DISTINCT FROM n.${column}`);
  const sameVersions = members.map((member) => `${member.before} IS NOT DISTINCT FROM ${member.now}`);
  const isCarried = await isCarriedOver(session, record, { now: "n", before: "b" });
  const isSame = `coalesce(n.${ids[0]} IS NOT NULL AND ${sameColumns.join(" AND ")}
      AND (${isCarried} OR (${["true", ...sameVersions].join(" AND ")})), false)`;
  const onIds = ids.map((id) => `b.${id} = n.${id}`).join(" AND ");
  const versions = (value: (member: (typeof members)[number]) => string): string =>
    members.length === 0
      ? ""
      : `, struct_pack(${members.map((member) => `${member.name} := ${value(member)}`).join(", ")})
          AS metaxy_data_version_by_field`;
  const of = (alias: string): string => columns.map((column) => `${alias}.${column}`).join(", ");
  await session.run(
    `CREATE OR REPLACE TEMP TABLE ${before} AS
     SELECT ${of("b")}, n.${ids[0]} IS NULL AS stemma_waits
       ${versions((member) => `CASE WHEN ${isSame} THEN ${member.before} ELSE ${quoteLiteral(changed)} END`)}
     FROM ${stored} AS b LEFT JOIN ${now} AS n ON ${onIds}
     UNION ALL
     SELECT ${of("n")}, false ${versions(() => quoteLiteral(changed))}
     FROM ${now} AS n LEFT JOIN ${stored} AS b ON ${onIds} WHERE NOT ${isSame}`,
  );
  const [found] = await session.rows(`SELECT coalesce(bool_or(stemma_waits), false) AS waits FROM ${before}`);
  return found?.["waits"] === true;
}

/** How the columns of an upstream are declared, and what they were called. */
function columnsBefore({ idColumns, columns }: UpstreamFacts, was: PreviousUpstream | undefined) {
  return {
    idColumns,
    columns,
    ...(was?.columns === undefined ? {} : { renamedFrom: { columns: was.columns } }),
  };
}

/** A row without a join column belongs to no sample, as when an increment is resolved. */
function requiredReads({ on, idColumns }: UpstreamFacts, members: readonly string[]) {
  const required = Object.values(on).filter((column) => !idColumns.includes(column));
  return { members, systemColumns: ["metaxy_updated_at"], required };
}
