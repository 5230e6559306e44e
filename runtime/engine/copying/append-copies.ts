import type { CopyOptions, FeatureCopy } from "../../copying.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import {
  appendEmptyParents,
  emptyParentRows,
  emptyParentsSchema,
  retractEmptyParents,
} from "../tables/empty-parents.ts";
import { ensureTable } from "../tables/ensure-table.ts";
import { featureTable } from "../tables/feature-tables.ts";
import { rowTime } from "../tables/latest-rows.ts";
import { misfitsOf } from "../tables/misfits.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { assertStorable, byFieldValue } from "../writing/write-rows.ts";
import { type CopiedFiles, keptColumns, orderColumn } from "./rows-to-copy.ts";

/** What a store lacks of copied rows, in temporary tables. */
interface Missing {
  readonly counts: FeatureCopy;
  /** The rows, each with its place among those of the other store. */
  readonly rows: string;
  readonly emptyParents: string;
}

/** Temporary tables of what the store lacks. */
const [rowsTable, parentsTable] = ["stemma_missing", "stemma_missing_parents"] as const;

/** Appends copied rows that the store lacks. Within a transaction. */
export async function appendCopies(
  session: EngineSession,
  copied: CopiedFiles,
  options: CopyOptions,
): Promise<FeatureCopy> {
  const { feature } = copied;
  const { counts, rows, emptyParents } = await stageMissing(session, copied, options);
  if (counts.rows + counts.emptyParents === 0) return counts;
  const { dialect } = session;
  // Rows of other versions may have fields that the current one lacks.
  const widened = withMembers(feature, copied.members);
  const table = await ensureTable(session, widened);
  if (counts.rows > 0) {
    const sql = `SELECT * FROM ${rows}`;
    await assertStorable(session, feature, table, { sql, bindings: undefined });
    await session.run(insertion(dialect, widened, table, rows));
    if (feature.plan.traits.mayBeEmpty) await retractEmptyParents(session, feature, parentsOf(feature, rows));
  }
  if (counts.emptyParents > 0) await appendEmptyParents(session, feature, `SELECT * FROM ${emptyParents}`);
  return counts;
}

/** Counts what {@link appendCopies} would append. Within a transaction. */
export async function countCopies(
  session: EngineSession,
  copied: CopiedFiles,
  options: CopyOptions,
): Promise<FeatureCopy> {
  return (await stageMissing(session, copied, options)).counts;
}

async function stageMissing(
  session: EngineSession,
  copied: CopiedFiles,
  options: CopyOptions,
): Promise<Missing> {
  const { feature, existed } = copied;
  const { createTemp, tempName } = session.dialect;
  const table = await featureTable(session, feature);
  const stage = async (name: string, query: string | undefined) => {
    if (query === undefined) return 0;
    await session.run(createTemp(name, query, "replace"));
    return countRows(session, tempName(name));
  };
  const all = await fileRows(session, copied.rows);
  const rows = await stage(rowsTable, await missingRows(session, copied, table, options));
  const emptyParents = await stage(parentsTable, await missingEmptyParents(session, copied, table));
  const copiedRows = all === undefined ? 0 : await countRows(session, `(${all})`);
  return {
    counts: { feature: feature.key, existed, rows, skipped: copiedRows - rows, emptyParents },
    rows: tempName(rowsTable),
    emptyParents: tempName(parentsTable),
  };
}

/** SQL of the parents that have children now: those of copied rows that are live under the current version. */
function parentsOf({ plan, featureVersion }: AnyFeature, rows: string): string {
  return `SELECT DISTINCT ${plan.grain.map(quoteIdentifier).join(", ")} FROM ${rows}
    WHERE metaxy_feature_version = ${quoteLiteral(featureVersion)} AND metaxy_deleted_at IS NULL`;
}

async function fileRows(session: EngineSession, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  return `SELECT * FROM ${await session.files.rowsOf({ format: "parquet", files: [file], delimiter: "," })}`;
}

/**
 * SQL of the copied rows that the table lacks, in the order in which they were stored. With history, a row is there if one
 * of the same sample, version and time is; without it, also if a later one of the sample is, which would win.
 */
async function missingRows(
  session: EngineSession,
  { feature, rows }: CopiedFiles,
  table: PhysicalTable | undefined,
  { history = false }: CopyOptions,
): Promise<string | undefined> {
  const copied = await fileRows(session, rows);
  if (copied === undefined || table === undefined) return copied;
  const { dialect } = session;
  const ids = feature.spec.idColumns.map(quoteIdentifier);
  if (feature.spec.idColumns.some((id) => !table.columns.has(id))) return copied;
  const time = (alias: string) => `coalesce(${rowTime(dialect, alias)}, ${dialect.startOfTime})`;
  const same = [
    ...ids.map((id) => `c.${id} = t.${id}`),
    "c.metaxy_feature_version = t.metaxy_feature_version",
    history
      ? `${time("c")} = ${time("t")} AND (c.metaxy_deleted_at IS NULL) = (t.metaxy_deleted_at IS NULL)`
      : `${time("t")} >= ${time("c")}`,
  ];
  return `${copied} AS c ${dialect.antiJoin(`${table.name} AS t`, same.join(" AND "))}`;
}

/** SQL of the copied parents without children that are neither marked here nor have children here. */
async function missingEmptyParents(
  session: EngineSession,
  { feature, emptyParents }: CopiedFiles,
  table: PhysicalTable | undefined,
): Promise<string | undefined> {
  const copied = await fileRows(session, emptyParents);
  if (copied === undefined) return undefined;
  const { dialect } = session;
  const same = (alias: string) =>
    feature.plan.grain
      .map(quoteIdentifier)
      .map((column) => `c.${column} = ${alias}.${column}`)
      .join(" AND ");
  const marked = await emptyParentsSchema(session, feature);
  const known =
    marked === undefined
      ? ""
      : ` ${dialect.antiJoin(`(${emptyParentRows(dialect, feature, marked)}) AS m`, `${same("m")} AND c.metaxy_provenance = m.metaxy_provenance`)}`;
  const version = `t.metaxy_feature_version = ${quoteLiteral(feature.featureVersion)}`;
  const stored =
    table === undefined ? "" : ` ${dialect.antiJoin(`${table.name} AS t`, `${same("t")} AND ${version}`)}`;
  return `SELECT * FROM (${copied} AS c${known}) AS c${stored}`;
}

function insertion(dialect: Dialect, feature: AnyFeature, table: PhysicalTable, rows: string): string {
  const fits = new Map(misfitsOf(dialect, table, feature.spec).map(({ column, fit }) => [column, fit]));
  const declared = Object.keys(feature.spec.columns).map((column) => {
    const value = `r.${quoteIdentifier(column)}`;
    return `${fits.get(column)?.write(value) ?? value} AS ${quoteIdentifier(column)}`;
  });
  const byField = (["metaxy_provenance_by_field", "metaxy_data_version_by_field"] as const).map(
    (column) => `${byFieldValue(dialect, { table, feature }, column, `r.${column}`)} AS ${column}`,
  );
  const others = ["metaxy_provenance", "metaxy_data_version", ...keptColumns].map((column) => `r.${column}`);
  return dialect.insertByName(
    table.stored,
    `SELECT ${[...declared, ...byField, ...others].join(", ")} FROM ${rows} AS r ORDER BY r.${orderColumn}`,
  );
}

/** A feature with further struct members in its by-field columns. */
function withMembers(feature: AnyFeature, members: readonly string[]): AnyFeature {
  const { plan } = feature;
  const fieldMembers = Object.fromEntries(
    members.map((member) => [member, plan.fieldMembers[member] ?? member]),
  );
  return { ...feature, plan: { ...plan, fieldMembers } };
}

async function countRows(session: EngineSession, relation: string): Promise<number> {
  const [found] = await session.rows(`SELECT count(*) AS rows FROM ${relation}`);
  return Number(found?.["rows"]);
}
