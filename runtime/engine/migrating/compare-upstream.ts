import type { DerivedPlan, PreviousDefinition, PreviousUpstream, UpstreamFacts } from "../../contract.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import { isCarriedOver } from "./carried-over-times.ts";
import { storedRows, storedTable } from "./stored-rows.ts";

/** The upstream features of a plan now and before names changed, as SQL by table, both with the current names. */
export interface ComparedUpstream {
  readonly now: ReadonlyMap<string, string>;
  /**
   * A row that changed since is in it twice, as it was and as it is, with data versions from which no sample was ever
   * computed; a row that was added since is in it likewise. Samples computed from such rows are not up to date.
   */
  readonly before: ReadonlyMap<string, string>;
  /** Keys of those with rows that have no row under today's version yet. */
  readonly waitsFor: readonly string[];
}

/** A data version that no row has. */
const changed = "stemma: changed";

/** Compares the upstream rows that an increment reads now with those that it would have read before the rename. */
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
    const tables = { now: `stemma_now_${index}`, before: `stemma_before_${index}` };
    await stageNow(session, key, facts, was, tables.now);
    if (was !== undefined && (await stageBefore(session, { facts, was, ...tables }))) waitsFor.push(key);
    const rowsOf = (table: string) => `SELECT * FROM ${session.dialect.tempName(table)}`;
    now.set(facts.table, rowsOf(tables.now));
    before.set(facts.table, rowsOf(was === undefined ? tables.now : tables.before));
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
  await session.run(session.dialect.createTemp(name, sql, "replace"));
}

/** Returns whether rows still have to be carried over or computed. */
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
  const { anyTrue, createTemp, tempName, values } = session.dialect;
  const stored = `${before}_stored`;
  await session.run(createTemp(stored, sql, "replace"));

  const record = {
    table: facts.table,
    featureVersion: facts.featureVersion,
    fromTable: table,
    fromVersion: featureVersion,
  };
  const ids = facts.idColumns.map(quoteIdentifier);
  const columns = Object.keys(facts.columns).map(quoteIdentifier);
  const members = Object.entries(fieldMembers).map(([member, old]) => ({
    name: member,
    before: values.member("b.metaxy_data_version_by_field", old),
    now: values.member("n.metaxy_data_version_by_field", member),
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
      : `, ${values.struct(members.map((member) => [member.name, value(member)]))} AS metaxy_data_version_by_field`;
  const of = (alias: string): string => columns.map((column) => `${alias}.${column}`).join(", ");
  const [storedRelation, nowRelation] = [tempName(stored), tempName(now)];
  const compared = `SELECT ${of("b")}, n.${ids[0]} IS NULL AS stemma_waits
       ${versions((member) => `CASE WHEN ${isSame} THEN ${member.before} ELSE ${quoteLiteral(changed)} END`)}
     FROM ${storedRelation} AS b LEFT JOIN ${nowRelation} AS n ON ${onIds}
     UNION ALL
     SELECT ${of("n")}, false ${versions(() => quoteLiteral(changed))}
     FROM ${nowRelation} AS n LEFT JOIN ${storedRelation} AS b ON ${onIds} WHERE NOT ${isSame}`;
  await session.run(createTemp(before, compared, "replace"));
  const [found] = await session.rows(
    `SELECT coalesce(${anyTrue("stemma_waits")}, false) AS waits FROM ${tempName(before)}`,
  );
  return found?.["waits"] === true;
}

/** The declared columns of an upstream, and their former names. */
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
