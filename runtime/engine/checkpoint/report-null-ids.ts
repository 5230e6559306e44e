import type { StoreWarning } from "../../warning.ts";
import type { Session } from "../../duckdb/session.ts";
import { assertAnyIds, nullIdWarning } from "../tables/null-ids.ts";
import type { SourceState } from "./source-state.ts";

/**
 * What is to be said of logs in which rows lack an id: a warning each. `upstream` are those whose rows are expected;
 * one that has no other live rows is refused.
 */
export async function reportNullIds(
  session: Session,
  logs: readonly SourceState[],
  upstream: number,
): Promise<StoreWarning[]> {
  const warnings: StoreWarning[] = [];
  for (const [index, { key, name, table, featureVersion, idColumns, nullIds }] of logs.entries()) {
    if (table === undefined || nullIds === 0) continue;
    const facts = { key, table: name, featureVersion, idColumns, rows: nullIds };
    if (index < upstream) await assertAnyIds(session, facts, table);
    const warning = await nullIdWarning(session, facts, table);
    if (warning !== undefined) warnings.push(warning);
  }
  return warnings;
}
