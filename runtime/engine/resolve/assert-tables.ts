import type { AnyFeature } from "../../feature.ts";
import type { StoreWarning } from "../../warning.ts";
import type { SourceState } from "../checkpoint/source-state.ts";
import type { UpstreamSource } from "../checkpoint/upstream-sources.ts";
import type { EngineSession } from "../engine.ts";
import { assertUpstreamReadable } from "../tables/assert-upstream-readable.ts";
import { assertAnyIds, nullIdWarning } from "../tables/null-ids.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { tableChanges } from "../tables/table-changes.ts";
import { type AnyResolveOptions, upstreamFilters } from "./resolve-options.ts";

/** Refuses, before a model runs, columns whose values would change on the way in or out. */
export async function assertFits(
  session: EngineSession,
  feature: AnyFeature,
  upstream: readonly UpstreamSource[],
  target: PhysicalTable | undefined,
  options: AnyResolveOptions,
): Promise<void> {
  for (const { key, facts, table } of upstream) {
    if (table === undefined) continue;
    await assertUpstreamReadable(session, key, facts, table, upstreamFilters(options, key).length > 0);
  }
  if (target !== undefined) await tableChanges(session, feature, target);
}

/**
 * A warning for each source in which rows lack an id. The first `upstream` sources hold expected rows: one of them
 * that has no other live rows is refused.
 */
export async function nullIdWarnings(
  session: EngineSession,
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
