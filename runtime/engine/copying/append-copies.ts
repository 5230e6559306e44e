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
import { misfitsOf } from "../tables/misfits.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { assertStorable, byFieldValue } from "../writing/write-rows.ts";
import { type CopiedFiles, keptColumns, orderColumn } from "./rows-to-copy.ts";

/** Appends copied rows that the store lacks. Within a transaction. */
export async function appendCopies(
  session: EngineSession,
  copied: CopiedFiles,
  options: CopyOptions,
): Promise<FeatureCopy> {
  const { feature } = copied;
  const before = await countCopies(session, copied, options);
  if (before.rows + before.emptyParents === 0) return before;
  const { dialect } = session;
  // Rows of other versions may have fields that the current one lacks.
  const widened = withMembers(feature, copied.members);
  const table = await ensureTable(session, widened);
  const rows = await missingRows(session, copied, table, options);
  if (rows !== undefined) {
    await assertStorable(session, feature, table, { sql: rows, bindings: undefined });
    await session.run(insertion(dialect, widened, table, rows));
    if (feature.plan.traits.mayBeEmpty) {
      const grain = feature.plan.grain.map(quoteIdentifier).join(", ");
      await retractEmptyParents(session, feature, `SELECT DISTINCT ${grain} FROM (${rows})`);
    }
  }
  const empty = await missingEmptyParents(session, copied);
  if (empty !== undefined && before.emptyParents > 0) await appendEmptyParents(session, feature, empty);
  return before;
}

/** Counts what {@link appendCopies} would append. Within a transaction. */
export async function countCopies(
  session: EngineSession,
  copied: CopiedFiles,
  options: CopyOptions,
): Promise<FeatureCopy> {
  const { feature } = copied;
  const table = await featureTable(session, feature);
  const missing = await missingRows(session, copied, table, options);
  const rows = await countRows(session, missing);
  const all = await countRows(session, await fileRows(session, copied.rows));
  const emptyParents = await countRows(session, await missingEmptyParents(session, copied));
  return {
    feature: feature.key,
    existed: copied.rows !== undefined || copied.emptyParents !== undefined,
    rows,
    skipped: all - rows,
    emptyParents,
  };
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
  const time = (alias: string) =>
    `coalesce(nullif(coalesce(${alias}.metaxy_deleted_at, ${alias}.metaxy_updated_at), ${dialect.endOfTime}), ${dialect.startOfTime})`;
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
  const table = await featureTable(session, feature);
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
    `SELECT ${[...declared, ...byField, ...others].join(", ")} FROM (${rows}) AS r ORDER BY r.${orderColumn}`,
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

async function countRows(session: EngineSession, sql: string | undefined): Promise<number> {
  if (sql === undefined) return 0;
  const [found] = await session.rows(`SELECT count(*) AS rows FROM (${sql})`);
  return Number(found?.["rows"]);
}
