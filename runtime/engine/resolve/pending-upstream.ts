import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { PendingUpstream } from "../../increment.ts";
import type { UpstreamSource } from "../checkpoint/upstream-sources.ts";
import type { EngineSession } from "../engine.ts";
import { requiredNames } from "../reading/missing-required.ts";
import { lacksIdColumn, ofVersion } from "../tables/counted-rows.ts";
import { foreignSpans, isWithin, wasLastWrittenUnderOtherIds } from "../tables/id-columns.ts";
import { latestRows, repeatedIds, rowTime, versionLog } from "../tables/latest-rows.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";

/**
 * Upstream features that have to run first, with the reason: each upstream may have several.
 *
 * `known` has the results for upstream features whose log did not grow since.
 */
export async function pendingUpstream(
  session: EngineSession,
  upstream: readonly UpstreamSource[],
  known: ReadonlyMap<string, readonly PendingUpstream[]>,
): Promise<PendingUpstream[]> {
  const pending: PendingUpstream[] = [];
  for (const source of upstream)
    pending.push(...(known.get(source.key) ?? (await findPending(session, source))));
  return pending;
}

async function findPending(session: EngineSession, source: UpstreamSource): Promise<PendingUpstream[]> {
  const { table } = source;
  if (table === undefined) return [];
  const found = [
    await ofOlderVersions(session, source, table),
    await ofOtherIds(session, source, table),
    await lackingColumns(session, source, table),
  ];
  return found.filter((pending) => pending !== undefined);
}

/** Samples that are stored, but not under the current feature version. */
async function ofOlderVersions(
  session: EngineSession,
  { key, facts }: UpstreamSource,
  table: PhysicalTable,
): Promise<PendingUpstream | undefined> {
  const version = quoteLiteral(facts.featureVersion);
  if (!(await holdsAny(session, table, `metaxy_feature_version <> ${version}`))) return undefined;
  const samples = await countSamples(session, table, {
    idColumns: facts.idColumns,
    where: "metaxy_feature_version IS NOT NULL",
    isCurrent: `metaxy_feature_version = ${version}`,
  });
  return samples === 0 ? undefined : { feature: key, samples, reason: "older-version" };
}

/** Samples that are stored under other id columns, where those are the ids under which we wrote last. */
async function ofOtherIds(
  session: EngineSession,
  { key, facts, spans }: UpstreamSource,
  table: PhysicalTable,
): Promise<PendingUpstream | undefined> {
  if (!wasLastWrittenUnderOtherIds(spans, facts, table)) return undefined;
  const others = foreignSpans(spans, facts, table);
  const samples = await countSamples(session, table, {
    idColumns: others.at(-1)?.idColumns ?? [],
    where: `metaxy_feature_version = ${quoteLiteral(facts.featureVersion)} AND ${isWithin(session.dialect, others)}`,
    isCurrent: "false",
  });
  return samples === 0 ? undefined : { feature: key, samples, reason: "other-ids" };
}

/** Samples that lack a value which is required now, and which the feature reads. */
async function lackingColumns(
  session: EngineSession,
  { key, facts }: UpstreamSource,
  table: PhysicalTable,
): Promise<PendingUpstream | undefined> {
  const { idColumns, featureVersion, columns: declared } = facts;
  const reads = requiredNames(declared, idColumns, facts.reads ?? Object.keys(declared));
  if (reads.length === 0 || lacksIdColumn(table, idColumns)) return undefined;
  // Stored types may be others than those of the spec, so values are read as they are.
  const nulls = reads.map((name) => (table.columns.has(name) ? `${quoteIdentifier(name)} IS NULL` : "true"));
  const isLacking = `(${nulls.join(" OR ")})`;
  // Answered by the statistics of columns, as long as the answer is no.
  if (!(await holdsAny(session, table, `${ofVersion(table, featureVersion)} AND ${isLacking}`)))
    return undefined;
  const log = versionLog(session.dialect, table, featureVersion, "offset");
  const latest = latestRows(session.dialect, {
    idColumns,
    log,
    repeated: { sql: repeatedIds(session.dialect, { idColumns, log }) },
  });
  const counts = nulls.map((isNull, index) => `${session.dialect.countIf(isNull)} AS c${index}`);
  const [found] = await session.rows(
    `SELECT ${session.dialect.countIf(isLacking)} AS samples, ${counts.join(", ")}
     FROM (${latest}) WHERE metaxy_deleted_at IS NULL`,
  );
  const samples = Number(found?.["samples"] ?? 0);
  const columns = reads.filter((_, index) => Number(found?.[`c${index}`] ?? 0) > 0);
  return samples === 0 ? undefined : { feature: key, samples, reason: "missing-required", columns };
}

interface SampleCount {
  readonly idColumns: readonly string[];
  /** SQL condition on the rows to look at. */
  readonly where: string;
  /** SQL condition: a sample with such a row does not count. */
  readonly isCurrent: string;
}

/** Counts the samples that are live and have no current row. Ids may be null in older rows: each such row is one. */
async function countSamples(
  session: EngineSession,
  table: PhysicalTable,
  { idColumns, where, isCurrent }: SampleCount,
): Promise<number> {
  const present = idColumns.filter((id) => table.columns.has(id)).map(quoteIdentifier);
  const lacksId = [
    ...present.map((id) => `${id} IS NULL`),
    ...(present.length < idColumns.length ? ["true"] : []),
  ];
  const { dialect } = session;
  const ids = [...present, "stemma_lone_row"];
  const offset = dialect.log.column;
  const rows = `(SELECT ${offset}, *, ${isCurrent} AS stemma_is_current,
      CASE WHEN ${lacksId.join(" OR ")} THEN ${offset} END AS stemma_lone_row
    FROM ${table.name} WHERE ${where})`;
  const latest = dialect.firstOfEach(
    `${ids.join(", ")}, metaxy_deleted_at, stemma_is_current`,
    rows,
    [...ids, "metaxy_feature_version"],
    `${rowTime(dialect)} DESC NULLS LAST, ${offset} DESC`,
  );
  const [counted] = await session.rows(
    `SELECT count(*) AS samples FROM (
       SELECT ${ids.join(", ")} FROM (${latest}) GROUP BY ${ids.join(", ")}
       HAVING NOT ${dialect.anyTrue("stemma_is_current")} AND ${dialect.anyTrue("metaxy_deleted_at IS NULL")})`,
  );
  return Number(counted?.["samples"] ?? 0);
}

async function holdsAny(session: EngineSession, table: PhysicalTable, condition: string): Promise<boolean> {
  const found = await session.rows(`SELECT 1 FROM ${table.name} WHERE ${condition} LIMIT 1`);
  return found.length > 0;
}
