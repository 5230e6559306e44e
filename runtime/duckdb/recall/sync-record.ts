import type { AnyFeature } from "../../feature.ts";
import type { PendingUpstream } from "../../increment.ts";
import { quoteName, quoteText } from "../../sql-text.ts";
import type { HashAlgorithm } from "../connection/sample-hash.ts";
import type { Session } from "../connection/session.ts";
import { inspectTable, qualifiedName } from "../tables/physical-table.ts";
import { typeSql } from "../tables/relation.ts";
import type { LogCover } from "./log-cover.ts";

/**
 * What a feature's last completed resolve found: all grains are in sync with the logs as far as they were read, but
 * for those left open. It belongs to one recipe; another definition or another upstream version has its own.
 */
export interface SyncRecord {
  readonly logs: readonly LogCover[];
  readonly pendingUpstream: readonly PendingUpstream[];
}

const recordTable = "stemma_sync";

/** A name for all that decides what is expected of given logs. Layout of SQL is no part of it. */
export async function recipeOf(
  session: Session,
  feature: AnyFeature,
  algorithm: HashAlgorithm,
): Promise<string> {
  const { featureVersion, hashLength, spec, plan } = feature;
  const facts = { algorithm, featureVersion, hashLength, ids: spec.idColumns, plan };
  const text = JSON.stringify(facts, (_, value) =>
    typeof value === "string" ? value.replace(/\s*\n\s*/g, "\n").trim() : value,
  );
  const [row] = await session.rows("SELECT md5($1) AS recipe", [text]);
  return String(row?.["recipe"]);
}

/** Name of the table that holds the grains a record leaves open. */
function openTable(feature: AnyFeature): string {
  return `stemma_open__${feature.table}`;
}

/** Reads the record of a recipe; undefined where there is none. */
export async function readRecord(session: Session, recipe: string): Promise<SyncRecord | undefined> {
  if ((await inspectTable(session, recordTable)) === undefined) return undefined;
  const [found] = await session.rows(
    `SELECT record FROM ${qualifiedName(recordTable)} WHERE recipe = ${quoteText(recipe)}`,
  );
  return found === undefined ? undefined : (JSON.parse(String(found["record"])) as SyncRecord);
}

/** SQL of the grains that the record of a recipe leaves open. */
export async function openGrains(
  session: Session,
  feature: AnyFeature,
  recipe: string,
): Promise<string | undefined> {
  if ((await inspectTable(session, openTable(feature))) === undefined) return undefined;
  const grain = feature.plan.grain.map(quoteName).join(", ");
  return `SELECT ${grain} FROM ${qualifiedName(openTable(feature))} WHERE recipe = ${quoteText(recipe)}`;
}

/** Writes the record of a recipe. `open` is SQL of the grains that stay open. Within a transaction. */
export async function writeRecord(
  session: Session,
  feature: AnyFeature,
  recipe: string,
  record: SyncRecord,
  open: string,
): Promise<void> {
  const records = qualifiedName(recordTable);
  const grains = qualifiedName(openTable(feature));
  const columns = feature.plan.grain.map(
    (column) => `${quoteName(column)} ${typeSql(feature.spec.columns[column] ?? "VARCHAR")}`,
  );
  await session.run(
    `CREATE TABLE IF NOT EXISTS ${records} (feature VARCHAR, recipe VARCHAR, record VARCHAR)`,
  );
  await session.run(`CREATE TABLE IF NOT EXISTS ${grains} (recipe VARCHAR, ${columns.join(", ")})`);
  await session.run(`DELETE FROM ${records} WHERE recipe = ${quoteText(recipe)}`);
  await session.run(`DELETE FROM ${grains} WHERE recipe = ${quoteText(recipe)}`);
  await session.run(
    `INSERT INTO ${records} VALUES (${[feature.key, recipe, JSON.stringify(record)].map(quoteText).join(", ")})`,
  );
  await session.run(`INSERT INTO ${grains} SELECT ${quoteText(recipe)}, * FROM (${open})`);
}
