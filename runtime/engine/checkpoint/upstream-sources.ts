import type { DerivedPlan, UpstreamFacts } from "../../contract.ts";
import type { IdSpan } from "../tables/id-columns.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import type { SourceState } from "./source-state.ts";

/** An upstream of a plan, and its table as it lies in the store: none for an optional one that was never written. */
export interface UpstreamSource {
  readonly key: string;
  readonly facts: UpstreamFacts;
  readonly table: PhysicalTable | undefined;
  /** Under which id columns we wrote to the table, and when. */
  readonly spans: readonly IdSpan[];
}

/** The upstreams of a plan with their tables, which come first among the sources that a resolve reads. */
export function upstreamSources(
  plan: DerivedPlan | undefined,
  logs: readonly SourceState[],
): UpstreamSource[] {
  return Object.entries(plan?.upstream ?? {}).map(([key, facts], index) => ({
    key,
    facts,
    table: logs[index]?.table,
    spans: logs[index]?.spans ?? [],
  }));
}
