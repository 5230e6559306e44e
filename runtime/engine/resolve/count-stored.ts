import type { AnyFeature } from "../../feature.ts";
import type { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import { bindFilters } from "../tables/bind-filters.ts";
import { type AnyResolveOptions, targetFilters } from "./resolve-options.ts";
import { storedSide, type TargetTables } from "./stored-side.ts";

/** Counts the stored work items that a comparison sees, also where it looked at affected ones alone. */
export async function countStored(
  session: EngineSession,
  feature: AnyFeature,
  tables: TargetTables,
  options: AnyResolveOptions,
  parameters: BindParameters,
): Promise<number> {
  const columns = { feature: feature.key, columns: feature.spec.columns };
  const filters = bindFilters(session.dialect, targetFilters(options, feature.key), columns, parameters);
  const reading = { filters, staleIf: [], affected: undefined, repeated: undefined };
  const stored = await storedSide(session, feature, tables, reading);
  if (stored === undefined) return 0;
  const sql = `SELECT count(*) AS items FROM (${stored.items})`;
  const [found] = await session.rows(sql, parameters.of(sql));
  return Number(found?.["items"]);
}
