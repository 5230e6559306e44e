import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { hasColumns } from "../tables/misfits.ts";
import { inspectSchema, qualifiedName, type TableSchema } from "../tables/physical-table.ts";
import { textType, timeType, typeSql } from "../tables/relation.ts";

/**
 * Name of the table of a feature's work items that failed: one row per item and feature version, its latest failure.
 *
 * Its columns are those of the grain, and ours under names that no column of a feature can have.
 */
export function errorsTable(feature: Pick<AnyFeature, "table">): string {
  return `stemma_errors__${feature.table}`;
}

/** The table of errors as it is read; undefined where none was recorded, or those of another grain. */
export async function errorsSchema(
  session: EngineSession,
  feature: AnyFeature,
): Promise<TableSchema | undefined> {
  const schema = await inspectSchema(session, errorsTable(feature));
  return schema !== undefined && hasGrain(session, schema, feature) ? schema : undefined;
}

function hasGrain({ dialect }: EngineSession, { columns }: TableSchema, { plan, spec }: AnyFeature): boolean {
  const own = [...columns.keys()].filter(
    (column) => !column.startsWith("metaxy_") && !column.startsWith("stemma_"),
  );
  return own.length === plan.grain.length && hasColumns(dialect, columns, plan.grain, spec.columns);
}

/** Creates the table of errors. One of another grain is dropped: its items no longer exist. Within a transaction. */
export async function ensureErrorsTable(session: EngineSession, feature: AnyFeature): Promise<void> {
  const name = qualifiedName(errorsTable(feature));
  const existing = await inspectSchema(session, errorsTable(feature));
  if (existing !== undefined && hasGrain(session, existing, feature)) return;
  if (existing !== undefined) await session.run(`DROP TABLE ${name}`);
  const { dialect } = session;
  const text = textType(dialect);
  const grain = feature.plan.grain.map(
    (column) => `${quoteIdentifier(column)} ${typeSql(dialect, feature.spec.columns, column)}`,
  );
  await session.run(
    `CREATE TABLE ${name} (${grain.join(", ")}, metaxy_feature_version ${text}, metaxy_provenance ${text},
       stemma_error_type ${text}, stemma_message ${text}, stemma_attempts ${dialect.values.scalars.BIGINT.type},
       stemma_failed_at ${timeType(dialect)}, stemma_run_id ${text})`,
  );
}

/**
 * SQL of the grains and provenances that failed under the current feature version; undefined where none did, so that
 * nothing need be compared with them.
 */
export async function knownFailures(
  session: EngineSession,
  feature: AnyFeature,
): Promise<string | undefined> {
  const schema = await errorsSchema(session, feature);
  if (schema === undefined) return undefined;
  const from = `${schema.name} WHERE ${ofCurrentVersion(feature)}`;
  const [any] = await session.rows(`SELECT 1 FROM ${from} LIMIT 1`);
  if (any === undefined) return undefined;
  return `SELECT ${grainOf(feature)}, metaxy_provenance FROM ${from}`;
}

/**
 * Removes the errors of work items that succeeded, under the current feature version. `items` is SQL of their grains.
 * Within a transaction: that of the write, so that no item is both stored and known as failed.
 */
export async function forgetFailures(
  session: EngineSession,
  feature: AnyFeature,
  items: string,
): Promise<void> {
  if ((await knownFailures(session, feature)) === undefined) return;
  const grain = grainOf(feature);
  await session.run(
    `DELETE FROM ${qualifiedName(errorsTable(feature))}
     WHERE ${ofCurrentVersion(feature)} AND (${grain}) IN (SELECT ${grain} FROM (${items}))`,
  );
}

/** SQL condition on the errors of the current feature version. */
export function ofCurrentVersion({ featureVersion }: AnyFeature): string {
  return `metaxy_feature_version = ${quoteLiteral(featureVersion)}`;
}

/** The grain columns, quoted. */
export function grainOf({ plan }: AnyFeature): string {
  return plan.grain.map(quoteIdentifier).join(", ");
}
