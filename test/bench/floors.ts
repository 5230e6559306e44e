import type { DerivedPlan } from "../../runtime/contract.ts";
import type { AnyFeature } from "../../runtime/index.ts";
import { type Job, type Timing, timed } from "./job.ts";
import { setupOf } from "./prepare.ts";
import { withConnection } from "./with-connection.ts";

/** A floor: the least that DuckDB has to do, in plain SQL. Works on a store in which all is computed. */
export type Floor = (job: Job) => Promise<Timing>;

/** The floors by name. */
export const floors: Readonly<Record<string, Floor>> = {
  "floor:open": async ({ file }) =>
    timed(() => withConnection(file, (connection) => connection.run("SELECT 1"))),
  "floor:join": (job) => timeQueries(job, setupOf(job).targets.map(joinSql)),
  "floor:group": (job) => timeQueries(job, setupOf(job).targets.flatMap(groupSql)),
  "floor:md5": (job) => timeQueries(job, setupOf(job).targets.map(md5Sql)),
  "floor:md5+insert": (job) =>
    timeQueries(
      job,
      setupOf(job).targets.flatMap((target) => [md5Sql(target), insertSql(target.table)]),
      setupOf(job).targets.map(({ table }) => copySql(table)),
    ),
  "floor:insert": (job) => {
    const [root] = setupOf(job).graph.roots;
    const { table } = setupOf(job).feature(root?.key ?? "");
    return timeQueries(job, [insertSql(table)], [copySql(table)]);
  },
};

async function timeQueries(
  { file }: Job,
  queries: readonly string[],
  before: readonly string[] = [],
): Promise<Timing> {
  return withConnection(file, async (connection) => {
    for (const sql of before) await connection.run(sql);
    return timed(async () => {
      for (const sql of queries) await connection.runAndReadAll(sql);
    });
  });
}

function upstreams(feature: AnyFeature): [string, DerivedPlan["upstream"][string]][] {
  return feature.plan.kind === "derived" ? Object.entries(feature.plan.upstream) : [];
}

/** One FULL OUTER hash join on the id that reads the version columns. */
function joinSql(feature: AnyFeature): string {
  const [column = ""] = feature.plan.grain;
  const members = Object.keys(feature.plan.fieldMembers);
  const sides = upstreams(feature).map(([, { table, members: read }], index) => ({
    alias: `u${index}`,
    table,
    versions: read.map((member) => `u${index}.metaxy_data_version_by_field."${member}"`),
  }));
  const [first = { alias: "l", table: feature.table, versions: [] }, ...others] = sides;
  const joins = [...others, { alias: "l", table: feature.table }].map(
    ({ alias, table }) =>
      `FULL JOIN main.${table} AS ${alias} ON ${first.alias}.${column} = ${alias}.${column}`,
  );
  const differing = [
    ...sides.flatMap(({ versions }) => versions),
    ...members.map((member) => `l.metaxy_provenance_by_field."${member}"`),
  ].map((version) => `${version} IS DISTINCT FROM l.metaxy_provenance`);
  return `SELECT count(*) FILTER (${differing.join(" AND ")}) FROM main.${first.table} AS ${first.alias} ${joins.join(" ")}`;
}

/** One GROUP BY that reads the version columns: what it makes of them is asked for, or DuckDB would not read them. */
function groupSql(feature: AnyFeature): string[] {
  const grain = feature.plan.grain.join(", ");
  return upstreams(feature).map(([, { table, members }]) => {
    const versions = members.map((member) => `max(metaxy_data_version_by_field."${member}") AS "${member}"`);
    const read = members.map((member) => `max("${member}")`);
    return `SELECT max(rows), ${read.join(", ")}
      FROM (SELECT count(*) AS rows, ${versions.join(", ")} FROM main.${table} GROUP BY ${grain})`;
  });
}

/** The md5 of as many and as long strings as must exist: one for each field, and one for the sample. */
function md5Sql(feature: AnyFeature): string {
  const members = Object.entries(feature.plan.fieldMembers);
  const hashes = members.map(([member, field]) => {
    const { codeVersion, parents } = feature.fields[field] ?? { codeVersion: "", parents: [] };
    const parts = parents.map((parent) => `'|${parent}|', metaxy_data_version_by_field."${member}"`);
    return `md5(concat('${field}|${codeVersion}', ${parts.join(", ")}))`;
  });
  const sample = `md5(concat(${hashes.join(", '|', ")}))`;
  return `SELECT max(${sample}) FROM main.${feature.table}`;
}

function copySql(table: string): string {
  return `CREATE TABLE main.copy_of_${table} AS SELECT * FROM main.${table} LIMIT 0`;
}

/** A plain INSERT of the same rows. */
function insertSql(table: string): string {
  return `INSERT INTO main.copy_of_${table} SELECT * FROM main.${table}`;
}
