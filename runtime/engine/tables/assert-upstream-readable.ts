import type { UpstreamFacts } from "../../contract.ts";
import type { EngineSession } from "../engine.ts";
import { assertReadable } from "./assert-fit.ts";
import { misfitsOf } from "./misfits.ts";
import type { PhysicalTable } from "./physical-table.ts";

/**
 * Refuses an upstream of which a stored value that a resolve reads would come out as another one. `isFiltered`: filters
 * of the run may name any of its columns.
 *
 * @throws StoreError `column-type`.
 */
export async function assertUpstreamReadable(
  session: EngineSession,
  key: string,
  facts: UpstreamFacts,
  table: PhysicalTable,
  isFiltered: boolean,
): Promise<void> {
  const fitted = { ...facts, columns: readColumns(facts, isFiltered), key, tableName: facts.table, table };
  await assertReadable(session, fitted, misfitsOf(session.dialect, table, fitted));
}

/** The columns of an upstream that a resolve reads: what its plan says, and what run-time filters may name. */
function readColumns(
  { columns, idColumns, on, reads }: UpstreamFacts,
  isFiltered: boolean,
): UpstreamFacts["columns"] {
  if (reads === undefined || isFiltered) return columns;
  const read = new Set([...reads, ...idColumns, ...Object.values(on)]);
  return Object.fromEntries(Object.entries(columns).filter(([name]) => read.has(name)));
}
