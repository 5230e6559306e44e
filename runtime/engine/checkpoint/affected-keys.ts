import type { DerivedPlan } from "../../contract.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import type { SourceLog } from "./source-state.ts";

/** A log that grew: its newer rows touch grains. */
export interface GrownSource extends SourceLog {
  readonly table: PhysicalTable;
  /** Rows at or behind it are newer. */
  readonly since: bigint;
}

/** Name of the temporary table of join keys to look at. An increment has a session of its own. */
export const affectedKeysTable = "stemma_affected";

/** The columns on which the deps are joined. */
export function joinColumns(plan: DerivedPlan): string[] {
  const [first] = Object.values(plan.upstream);
  return Object.keys(first?.on ?? {});
}

/**
 * Makes the table of join keys that newer rows touch, and of those left open.
 *
 * A newer row affects the key that it has, and the keys that its sample had before: it may have moved.
 */
export async function collectAffectedKeys(
  session: EngineSession,
  plan: DerivedPlan,
  logs: readonly GrownSource[],
  pending: string | undefined,
): Promise<void> {
  const join = joinColumns(plan);
  const keys = logs.map((log) => affectedBy(session.dialect, log, join));
  if (pending !== undefined) keys.push(`SELECT ${join.map(quoteIdentifier).join(", ")} FROM (${pending})`);
  const present = join.map((column) => `${quoteIdentifier(column)} IS NOT NULL`).join(" AND ");
  await session.run(
    session.dialect.createTemp(
      affectedKeysTable,
      `SELECT DISTINCT * FROM (${keys.join(" UNION ALL ")}) WHERE ${present}`,
    ),
  );
}

function affectedBy(
  dialect: Dialect,
  { table, since, featureVersion, idColumns, on }: GrownSource,
  join: readonly string[],
): string {
  const own = join.map((column) => on[column] ?? column);
  const key = own
    .map((column, index) => `${quoteIdentifier(column)} AS ${quoteIdentifier(join[index] ?? column)}`)
    .join(", ");
  const log = `${table.name} WHERE metaxy_feature_version = ${quoteLiteral(featureVersion)} AND ${dialect.log.before(table.offset)}`;
  const newer = `${log} AND ${dialect.log.since(since)}`;
  if (own.every((column) => idColumns.includes(column))) return `SELECT ${key} FROM ${newer}`;
  const ids = idColumns.map(quoteIdentifier).join(", ");
  return `SELECT ${key} FROM ${log} AND (${ids}) IN (SELECT ${ids} FROM ${newer})`;
}
