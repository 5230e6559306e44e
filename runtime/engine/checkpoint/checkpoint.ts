import type { EngineName } from "../../contract.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { HashAlgorithm } from "../../hash-algorithm.ts";
import type { PendingUpstream } from "../../increment.ts";
import type { EngineSession } from "../engine.ts";
import { planSql } from "../plan-sql.ts";
import { hasColumns } from "../tables/misfits.ts";
import { qualifiedName, type TableSchema } from "../tables/physical-table.ts";
import { typeSql } from "../tables/relation.ts";
import type { SourceCheckpoint } from "./source-checkpoint.ts";

/**
 * What a feature's last completed resolve found: all grains are in sync with the logs as far as they were read, but
 * for those left open. It belongs to one recipe; another definition or another upstream version has its own.
 */
export interface Checkpoint {
  readonly sources: readonly SourceCheckpoint[];
  readonly pendingUpstream: readonly PendingUpstream[];
  /** How many grains are left open. Absent in records of an older runtime. */
  readonly pending?: number;
}

/** What is recorded under a recipe. */
export interface StoredCheckpoint {
  readonly planFingerprint: string;
  readonly checkpoint: Checkpoint | undefined;
}

/** Name of the table that holds the records. */
export const checkpointTable = "stemma_checkpoint";

/** Reads what is recorded for a feature as it is defined now. */
export async function readCheckpoint(
  session: EngineSession,
  feature: AnyFeature,
  algorithm: HashAlgorithm,
): Promise<StoredCheckpoint> {
  const checkpoints = qualifiedName(checkpointTable);
  // A literal, since binding a text this long takes longer than all else that happens here.
  const text = fingerprintedText(feature, algorithm, session.dialect.name);
  const requested = `SELECT ${session.dialect.fingerprint(quoteLiteral(text))} AS requested`;
  const tableExists = (await session.columnsOf(checkpoints)) !== undefined;
  const rows = tableExists
    ? await session.rows(
        `${requested}, plan_fingerprint, checkpoint FROM ${checkpoints} WHERE feature = ${quoteLiteral(feature.key)}`,
      )
    : [];
  const [first = (await session.rows(requested))[0]] = rows;
  const planFingerprint = String(first?.["requested"]);
  const found = rows.find((row) => row["plan_fingerprint"] === planFingerprint)?.["checkpoint"];
  return {
    planFingerprint,
    checkpoint: found === undefined ? undefined : (JSON.parse(String(found)) as Checkpoint),
  };
}

/** All that decides which rows are expected of given logs, except the layout of SQL and the SQL of other engines. */
function fingerprintedText(
  { featureVersion, hashLength, spec, plan }: AnyFeature,
  algorithm: HashAlgorithm,
  engine: EngineName,
): string {
  const sql = plan.kind === "root" ? undefined : planSql(plan, engine);
  const facts = { algorithm, featureVersion, hashLength, ids: spec.idColumns, plan: { ...plan, sql } };
  return JSON.stringify(facts, (_, value) =>
    typeof value === "string" ? value.replace(/\s*\n\s*/g, "\n").trim() : value,
  );
}

/** Name of the table that holds the grains a record leaves open. */
export function pendingItemsTable(feature: Pick<AnyFeature, "table">): string {
  return `stemma_pending__${feature.table}`;
}

function qualifiedPendingTable(feature: AnyFeature): string {
  return qualifiedName(pendingItemsTable(feature));
}

/** Whether the grains that a record leaves open are there to be read. */
export async function hasPendingItems(
  session: EngineSession,
  feature: AnyFeature,
  { pending }: Checkpoint,
): Promise<boolean> {
  return pending === 0 || hasGrain(session, await session.columnsOf(qualifiedPendingTable(feature)), feature);
}

/** Whether open grains have the columns of the grain, which is another where the ids of an upstream were others. */
function hasGrain(
  { dialect }: EngineSession,
  columns: TableSchema["columns"] | undefined,
  { plan, spec }: AnyFeature,
): boolean {
  return columns?.size === plan.grain.length + 1 && hasColumns(dialect, columns, plan.grain, spec.columns);
}

/** SQL of the grains that the record of a recipe leaves open; undefined where it leaves none. */
export function pendingItems(
  feature: AnyFeature,
  planFingerprint: string,
  { pending }: Checkpoint,
): string | undefined {
  if (pending === 0) return undefined;
  const grain = feature.plan.grain.map(quoteIdentifier).join(", ");
  return `SELECT ${grain} FROM ${qualifiedPendingTable(feature)} WHERE plan_fingerprint = ${quoteLiteral(planFingerprint)}`;
}

/** Writes the record of a recipe. `open` is SQL of the grains that stay open. Within a transaction. */
export async function writeCheckpoint(
  session: EngineSession,
  feature: AnyFeature,
  planFingerprint: string,
  checkpoint: Omit<Checkpoint, "pending">,
  pending: string,
): Promise<void> {
  const checkpoints = qualifiedName(checkpointTable);
  const items = qualifiedPendingTable(feature);
  const columns = feature.plan.grain.map(
    (column) => `${quoteIdentifier(column)} ${typeSql(session.dialect, feature.spec.columns, column)}`,
  );
  const existing = await session.columnsOf(items);
  // Records that leave grains of another kind open can't be read without them, and are not: see holdsOpenGrains.
  const outdated = existing !== undefined && !hasGrain(session, existing, feature);
  await session.run(
    `${outdated ? `DROP TABLE ${items};` : ""}
     CREATE TABLE IF NOT EXISTS ${checkpoints} (feature VARCHAR, plan_fingerprint VARCHAR, checkpoint VARCHAR);
     CREATE TABLE IF NOT EXISTS ${items} (plan_fingerprint VARCHAR, ${columns.join(", ")});
     DELETE FROM ${checkpoints} WHERE plan_fingerprint = ${quoteLiteral(planFingerprint)};
     DELETE FROM ${items} WHERE plan_fingerprint = ${quoteLiteral(planFingerprint)}`,
  );
  if (outdated) await session.run(`DELETE FROM ${checkpoints} WHERE feature = ${quoteLiteral(feature.key)}`);
  const names = feature.plan.grain.map(quoteIdentifier).join(", ");
  const count = await session.run(
    `INSERT INTO ${items} (plan_fingerprint, ${names}) SELECT ${quoteLiteral(planFingerprint)}, ${names} FROM (${pending})`,
  );
  const text = JSON.stringify({ ...checkpoint, pending: count } satisfies Checkpoint);
  await session.run(
    `INSERT INTO ${checkpoints} VALUES (${[feature.key, planFingerprint, text].map(quoteLiteral).join(", ")})`,
  );
}
