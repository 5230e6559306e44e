import type { DerivedPlan, UpstreamFacts } from "../../contract.ts";
import { quoteName } from "../../sql-text.ts";
import type { Parameters } from "../connection/parameters.ts";
import { type AnyResolveOptions, upstreamFilters } from "../increment/resolve-options.ts";
import type { WatchedLog } from "../recall/watched-log.ts";
import { bindFilters } from "../tables/bind-filters.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { currentRows, noRows, type Touched } from "../tables/relation.ts";

/** An upstream of a plan, and its table as it lies in the store: none for an optional one that was never written. */
export interface UpstreamSource {
  readonly key: string;
  readonly facts: UpstreamFacts;
  readonly table: PhysicalTable | undefined;
}

/** The upstreams of a plan with their tables, which stand first among the logs that a resolve reads. */
export function upstreamSources(
  plan: DerivedPlan | undefined,
  logs: readonly WatchedLog[],
): UpstreamSource[] {
  return Object.entries(plan?.upstream ?? {}).map(([key, facts], index) => ({
    key,
    facts,
    table: logs[index]?.table,
  }));
}

/**
 * SQL of an upstream's current rows that have all join columns: a row without one belongs to no sample. With a table of
 * touched join keys, only of those.
 */
export function upstreamRows(
  { key, facts, table }: UpstreamSource,
  options: AnyResolveOptions,
  parameters: Parameters,
  touched: Touched | undefined,
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
    ...(touched === undefined ? {} : { touched }),
  };
  return table === undefined ? noRows(spec) : currentRows({ ...spec, table });
}
