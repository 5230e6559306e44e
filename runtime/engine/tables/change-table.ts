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
  const { allColumns, values } = session.dialect;
  const except: string[] = [];
  const replaced: (readonly [name: string, sql: string])[] = [];
  const added: string[] = [];
  for (const change of changes) {
    const { column } = change;
    const quoted = quoteIdentifier(column);
    if (change.kind === "drop-column") except.push(column);
    else if (change.kind === "add-column") added.push(`${values.nullOf(change.type)} AS ${quoted}`);
    else if (change.kind === "copy-column")
      added.push(
        `${values.cast(`(${change.value(quoteIdentifier(change.from))})`, change.type)} AS ${quoted}`,
      );
    else replaced.push([column, values.cast(`(${change.value(quoted)})`, change.to)]);
  }
  await session.run(
    `CREATE TABLE ${qualifiedName(rewritten)} AS
       SELECT ${[allColumns({ except, replaced }), ...added].join(", ")} FROM ${qualifiedName(table)};
     DROP TABLE ${qualifiedName(table)};
     ALTER TABLE ${qualifiedName(rewritten)} RENAME TO ${quoteIdentifier(table)}`,
  );
}
