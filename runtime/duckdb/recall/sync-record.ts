import type { AnyFeature } from "../../feature.ts";
import type { PendingUpstream } from "../../increment.ts";
import { quoteName, quoteText } from "../../sql-text.ts";
import type { HashAlgorithm } from "../connection/sample-hash.ts";
import type { Session } from "../connection/session.ts";
import { hasColumns } from "../tables/misfits.ts";
import { qualifiedName, type TableShape } from "../tables/physical-table.ts";
import { typeSql } from "../tables/relation.ts";
import type { LogCover } from "./log-cover.ts";

/**
 * What a feature's last completed resolve found: all grains are in sync with the logs as far as they were read, but
 * for those left open. It belongs to one recipe; another definition or another upstream version has its own.
 */
export interface SyncRecord {
  readonly logs: readonly LogCover[];
  readonly pendingUpstream: readonly PendingUpstream[];
  /** How many grains are left open. Absent in records of an older runtime. */
  readonly open?: number;
}

/** What is recorded under a recipe. */
export interface Recorded {
  readonly recipe: string;
  readonly record: SyncRecord | undefined;
}

/** Name of the table that holds the records. */
export const recordTable = "stemma_sync";

/** Reads what is recorded for a feature as it is defined now. */
export async function readRecord(
  session: Session,
  feature: AnyFeature,
  algorithm: HashAlgorithm,
): Promise<Recorded> {
  const records = qualifiedName(recordTable);
  // A literal, since binding a text this long takes longer than all else that happens here.
  const wanted = `SELECT md5(${quoteText(recipeText(feature, algorithm))}) AS wanted`;
  const isThere = (await session.columnsOf(records)) !== undefined;
  const rows = isThere
    ? await session.rows(
        `${wanted}, recipe, record FROM ${records} WHERE feature = ${quoteText(feature.key)}`,
      )
    : [];
  const [first = (await session.rows(wanted))[0]] = rows;
  const recipe = String(first?.["wanted"]);
  const found = rows.find((row) => row["recipe"] === recipe)?.["record"];
  return {
    recipe,
    record: found === undefined ? undefined : (JSON.parse(String(found)) as SyncRecord),
  };
}

/** All that decides what is expected of given logs. Layout of SQL is no part of it. */
function recipeText(
  { featureVersion, hashLength, spec, plan }: AnyFeature,
  algorithm: HashAlgorithm,
): string {
  const facts = { algorithm, featureVersion, hashLength, ids: spec.idColumns, plan };
  return JSON.stringify(facts, (_, value) =>
    typeof value === "string" ? value.replace(/\s*\n\s*/g, "\n").trim() : value,
  );
}

/** Name of the table that holds the grains a record leaves open. */
export function openGrainsTable(feature: Pick<AnyFeature, "table">): string {
  return `stemma_open__${feature.table}`;
}

function openTable(feature: AnyFeature): string {
  return qualifiedName(openGrainsTable(feature));
}

/** Whether the grains that a record leaves open are there to be read. */
export async function holdsOpenGrains(
  session: Session,
  feature: AnyFeature,
  { open }: SyncRecord,
): Promise<boolean> {
  return open === 0 || hasGrain(await session.columnsOf(openTable(feature)), feature);
}

/** Whether open grains have the columns of the grain, which is another where the ids of an upstream were others. */
function hasGrain(columns: TableShape["columns"] | undefined, { plan, spec }: AnyFeature): boolean {
  return columns?.size === plan.grain.length + 1 && hasColumns(columns, plan.grain, spec.columns);
}

/** SQL of the grains that the record of a recipe leaves open; undefined where it leaves none. */
export function openGrains(feature: AnyFeature, recipe: string, { open }: SyncRecord): string | undefined {
  if (open === 0) return undefined;
  const grain = feature.plan.grain.map(quoteName).join(", ");
  return `SELECT ${grain} FROM ${openTable(feature)} WHERE recipe = ${quoteText(recipe)}`;
}

/** Writes the record of a recipe. `open` is SQL of the grains that stay open. Within a transaction. */
export async function writeRecord(
  session: Session,
  feature: AnyFeature,
  recipe: string,
  record: Omit<SyncRecord, "open">,
  open: string,
): Promise<void> {
  const records = qualifiedName(recordTable);
  const grains = openTable(feature);
  const columns = feature.plan.grain.map(
    (column) => `${quoteName(column)} ${typeSql(feature.spec.columns[column] ?? "VARCHAR")}`,
  );
  const existing = await session.columnsOf(grains);
  // Records that leave grains of another kind open can't be read without them, and are not: see holdsOpenGrains.
  const outdated = existing !== undefined && !hasGrain(existing, feature);
  await session.run(
    `${outdated ? `DROP TABLE ${grains};` : ""}
     CREATE TABLE IF NOT EXISTS ${records} (feature VARCHAR, recipe VARCHAR, record VARCHAR);
     CREATE TABLE IF NOT EXISTS ${grains} (recipe VARCHAR, ${columns.join(", ")});
     DELETE FROM ${records} WHERE recipe = ${quoteText(recipe)};
     DELETE FROM ${grains} WHERE recipe = ${quoteText(recipe)}`,
  );
  if (outdated) await session.run(`DELETE FROM ${records} WHERE feature = ${quoteText(feature.key)}`);
  const names = feature.plan.grain.map(quoteName).join(", ");
  const count = await session.run(
    `INSERT INTO ${grains} (recipe, ${names}) SELECT ${quoteText(recipe)}, ${names} FROM (${open})`,
  );
  const text = JSON.stringify({ ...record, open: count } satisfies SyncRecord);
  await session.run(
    `INSERT INTO ${records} VALUES (${[feature.key, recipe, text].map(quoteText).join(", ")})`,
  );
}
