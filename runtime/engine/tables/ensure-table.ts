import { parsedColumns } from "../../columns/parsed-columns.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { changeTable } from "./change-table.ts";
import { assertNoView, featureTable } from "./feature-tables.ts";
import { carryIdColumns } from "./id-columns.ts";
import { recordOwnTable } from "./own-tables.ts";
import { type PhysicalTable, qualifiedName } from "./physical-table.ts";
import { structType } from "./relation.ts";
import { systemColumns } from "./system-columns.ts";
import { tableChanges } from "./table-changes.ts";

/**
 * Makes a feature's table fit to take its rows: creates it, or makes the changes that it needs. What an older definition
 * left there stays. Within a transaction.
 *
 * @throws StoreError `column-type` where that would change a stored value.
 */
export async function ensureTable(session: EngineSession, feature: AnyFeature): Promise<PhysicalTable> {
  const existing = await featureTable(session, feature);
  // A view has no offsets, so the catalog is asked for few tables.
  if (existing?.hasOffsets === false) await assertNoView(session, feature);
  if (existing === undefined) {
    await createTable(session, feature);
    await recordOwnTable(session, feature.table);
  } else {
    const changes = await tableChanges(session, feature, existing);
    if (changes.length === 0) return existing;
    await changeTable(session, feature.table, changes);
    await carryIdColumns(session, { table: feature.table, idColumns: feature.spec.idColumns }, existing);
  }
  const table = await featureTable(session, feature);
  if (table === undefined) throw new Error(`The table of ${feature.key} was made and is not there`);
  return table;
}

async function createTable(session: EngineSession, feature: AnyFeature): Promise<void> {
  const byField = structType(session.dialect, Object.keys(feature.plan.fieldMembers));
  const columns = [
    ...[...parsedColumns(feature.spec.columns)].map(
      ([name, { type }]) => `${quoteIdentifier(name)} ${session.dialect.values.typeName(type)}`,
    ),
    ...Object.entries(systemColumns).map(([name, type]) => `${name} ${type === "STRUCT" ? byField : type}`),
  ];
  await session.run(`CREATE TABLE ${qualifiedName(feature.table)} (${columns.join(", ")})`);
}
