import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { EngineSession } from "../engine.ts";
import { qualifiedName } from "./physical-table.ts";
import type { TableChange } from "./table-changes.ts";

/**
 * Changes a table. Within a transaction.
 *
 * DuckDB replays after a crash what is done here: a new type by its own cast, or a table written anew. It replays neither
 * a new member of a struct nor `USING` with a function, and lets no table be altered once the transaction updated it.
 */
export async function changeTable(
  session: EngineSession,
  table: string,
  changes: readonly TableChange[],
): Promise<void> {
  if (needsRewrite(changes)) return rewriteTable(session, table, changes);
  for (const change of changes)
    await session.run(`ALTER TABLE ${qualifiedName(table)} ${alteration(change)}`);
}

/** Whether changes take another table in the place of the stored one. */
export function needsRewrite(changes: readonly TableChange[]): boolean {
  return changes.some(
    (change) => change.kind === "copy-column" || (change.kind === "change-column" && !change.isPlain),
  );
}

function alteration(change: TableChange): string {
  const column = quoteIdentifier(change.column);
  switch (change.kind) {
    case "add-column":
    case "copy-column":
      return `ADD COLUMN ${column} ${change.type}`;
    case "change-column":
      return `ALTER COLUMN ${column} SET DATA TYPE ${change.to}`;
    case "drop-column":
      return `DROP COLUMN ${column}`;
  }
}

/** Name of a table while it is written anew. */
const rewritten = "stemma_rewritten";

/** Writes a table anew, its rows in their order. */
async function rewriteTable(
  session: EngineSession,
  table: string,
  changes: readonly TableChange[],
): Promise<void> {
  const dropped: string[] = [];
  const replaced: string[] = [];
  const added: string[] = [];
  for (const change of changes) {
    const column = quoteIdentifier(change.column);
    if (change.kind === "drop-column") dropped.push(column);
    else if (change.kind === "add-column") added.push(`NULL::${change.type} AS ${column}`);
    else if (change.kind === "copy-column")
      added.push(`(${change.value(quoteIdentifier(change.from))})::${change.type} AS ${column}`);
    else replaced.push(`(${change.value(column)})::${change.to} AS ${column}`);
  }
  const exclude = dropped.length === 0 ? "" : ` EXCLUDE (${dropped.join(", ")})`;
  const replace = replaced.length === 0 ? "" : ` REPLACE (${replaced.join(", ")})`;
  await session.run(
    `CREATE TABLE ${qualifiedName(rewritten)} AS
       SELECT ${[`*${exclude}${replace}`, ...added].join(", ")} FROM ${qualifiedName(table)};
     DROP TABLE ${qualifiedName(table)};
     ALTER TABLE ${qualifiedName(rewritten)} RENAME TO ${quoteIdentifier(table)}`,
  );
}
