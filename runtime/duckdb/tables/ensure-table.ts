import { parseColumn } from "../../column-type.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { featureTable } from "./feature-tables.ts";
import { recordOwnTable } from "./own-tables.ts";
import { inspectTable, type PhysicalTable, qualifiedName } from "./physical-table.ts";
import { structType } from "./relation.ts";
import { declaredTypeSql } from "./stored-type.ts";
import { systemColumns } from "./system-columns.ts";
import { type TableChange, tableChanges } from "./table-changes.ts";

/**
 * Makes a feature's table fit to take its rows: creates it, or makes the changes that it needs. What an older definition
 * left there stays. Within a transaction.
 *
 * @throws StoreError `column-type` where that would change a stored value.
 */
export async function ensureTable(session: Session, feature: AnyFeature): Promise<PhysicalTable> {
  const existing = await featureTable(session, feature);
  if (existing === undefined) {
    await createTable(session, feature);
    await recordOwnTable(session, feature.table);
  } else {
    const changes = await tableChanges(session, feature, existing);
    if (changes.length === 0) return existing;
    await changeTable(session, feature.table, changes);
  }
  const table = await inspectTable(session, feature.table);
  if (table === undefined) throw new Error(`The table of ${feature.key} was made and is not there`);
  return table;
}

async function createTable(session: Session, feature: AnyFeature): Promise<void> {
  const byField = structType(Object.keys(feature.plan.members));
  const columns = [
    ...Object.entries(feature.spec.columns).map(
      ([name, text]) => `${quoteName(name)} ${declaredTypeSql(parseColumn(text).type)}`,
    ),
    ...Object.entries(systemColumns).map(([name, type]) => `${name} ${type === "STRUCT" ? byField : type}`),
  ];
  await session.run(`CREATE TABLE ${qualifiedName(feature.table)} (${columns.join(", ")})`);
}

/**
 * Changes a table. Within a transaction.
 *
 * DuckDB replays after a crash what is done here: a new type by its own cast, or a table written anew. It replays neither
 * a new member of a struct nor `USING` with a function, and lets no table be altered once the transaction updated it.
 */
export async function changeTable(
  session: Session,
  table: string,
  changes: readonly TableChange[],
): Promise<void> {
  const isPlain = changes.every((change) =>
    change.kind === "add-column" ? change.copyOf === undefined : change.isPlain,
  );
  if (!isPlain) return rewriteTable(session, table, changes);
  for (const change of changes) {
    const column = quoteName(change.column);
    await session.run(
      change.kind === "add-column"
        ? `ALTER TABLE ${qualifiedName(table)} ADD COLUMN ${column} ${change.type}`
        : `ALTER TABLE ${qualifiedName(table)} ALTER COLUMN ${column} SET DATA TYPE ${change.to}`,
    );
  }
}

/** Name of a table while it is written anew. */
const rewritten = "stemma_rewritten";

/** Writes a table anew, its rows in their order. */
async function rewriteTable(session: Session, table: string, changes: readonly TableChange[]): Promise<void> {
  const replaced = changes.flatMap((change) => {
    const column = quoteName(change.column);
    return change.kind === "change-column" ? [`(${change.value(column)})::${change.to} AS ${column}`] : [];
  });
  const added = changes.flatMap((change) => {
    if (change.kind !== "add-column") return [];
    const { column, type, copyOf } = change;
    return [`${copyOf === undefined ? "NULL" : quoteName(copyOf)}::${type} AS ${quoteName(column)}`];
  });
  const all = replaced.length === 0 ? "*" : `* REPLACE (${replaced.join(", ")})`;
  await session.run(
    `CREATE TABLE ${qualifiedName(rewritten)} AS SELECT ${[all, ...added].join(", ")} FROM ${qualifiedName(table)};
     DROP TABLE ${qualifiedName(table)};
     ALTER TABLE ${qualifiedName(rewritten)} RENAME TO ${quoteName(table)}`,
  );
}
