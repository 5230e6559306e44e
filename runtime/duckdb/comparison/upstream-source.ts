import type { DerivedPlan, UpstreamFacts } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName } from "../../sql-text.ts";
import type { Parameters } from "../connection/parameters.ts";
import type { Session } from "../connection/session.ts";
import { type AnyResolveOptions, upstreamFilters } from "../increment/resolve-options.ts";
import { bindFilters } from "../tables/bind-filters.ts";
import { assertStoredIds, upstreamTable } from "../tables/feature-tables.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { currentRows, noRows } from "../tables/relation.ts";

/** An upstream of a plan, and its table as it lies in the store: none for an optional one that was never written. */
export interface UpstreamSource {
  readonly key: string;
  readonly facts: UpstreamFacts;
  readonly table: PhysicalTable | undefined;
}

/** Looks at the tables of all upstream features. */
export async function inspectUpstream(
  session: Session,
  feature: AnyFeature,
  plan: DerivedPlan,
): Promise<UpstreamSource[]> {
  const sources: UpstreamSource[] = [];
  for (const [key, facts] of Object.entries(plan.upstream)) {
    const table = await upstreamTable(session, feature, key, facts);
    if (table !== undefined) {
      await assertStoredIds(session, key, table, facts.idColumns, facts.featureVersion);
    }
    sources.push({ key, facts, table });
  }
  return sources;
}

/**
 * SQL of an upstream's current rows that have all join columns: a row without one belongs to no sample. With a table of
 * touched join keys, only of those.
 */
export function upstreamRows(
  { key, facts, table }: UpstreamSource,
  options: AnyResolveOptions,
  parameters: Parameters,
  touched: string | undefined,
): string {
  const filters = bindFilters(
    upstreamFilters(options, key),
    { feature: key, columns: facts.columns },
    parameters,
  );
  const joined = Object.values(facts.on).filter((column) => !facts.idColumns.includes(column));
  const spec = {
    idColumns: facts.idColumns,
    featureVersion: facts.featureVersion,
    columns: facts.columns,
    members: facts.members,
    filters: [...filters, ...joined.map((column) => `${quoteName(column)} IS NOT NULL`)],
    ...(touched === undefined ? {} : { touched: { table: touched, on: facts.on } }),
  };
  return table === undefined ? noRows(spec) : currentRows({ ...spec, table });
}
