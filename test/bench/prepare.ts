import { openStore } from "../../runtime/duckdb/index.ts";
import type { AnyFeature, Increment, Store } from "../../runtime/index.ts";
import { untyped } from "../support/untyped.ts";
import { allWorkItems, type BenchCase, cases, movedWorkItems, workItemsToCompute } from "./cases.ts";
import { type BenchGraph, graphs } from "./graphs.ts";
import { type Job, type Timing, timed } from "./job.ts";
import { withConnection } from "./with-connection.ts";

/** What a job is about. */
export interface BenchSetup {
  readonly graph: BenchGraph;
  readonly bench: BenchCase;
  readonly feature: (key: string) => AnyFeature;
  readonly targets: readonly AnyFeature[];
  /** How many units of work there are, before any change. */
  readonly workItems: number;
}

/** Looks up what a job says. */
export function setupOf(job: Job): BenchSetup {
  const graph = graphs[job.graph];
  const bench = cases[job.case];
  if (graph === undefined || bench === undefined) throw new Error(`No ${job.graph} or no ${job.case}`);
  const feature = (key: string): AnyFeature => {
    const found = job.features[key];
    if (found === undefined) throw new Error(`No feature ${key}`);
    return found;
  };
  const workItems = Math.floor(job.rows / graph.rowsPerWorkItem);
  return { graph, bench, feature, workItems, targets: graph.targets.map(feature) };
}

/** Writes what increments ask for, as a pipeline would that computes nothing. */
export async function writeOutputs(job: Job, increment: Increment<AnyFeature>): Promise<number> {
  const { graph, bench, workItems } = setupOf(job);
  const { counts } = increment;
  if (counts.new + counts.stale === 0) return 0;
  if (graph.outputs !== undefined) {
    const sql = graph.outputs(workItemsToCompute(workItems, bench));
    return (await increment.write({ sql })).rows;
  }
  // The specs of the graph are such that rows of the sets are rows of the feature.
  const added = await increment.write(untyped(increment.new));
  const changed = await increment.write(untyped(increment.stale));
  return added.rows + changed.rows;
}

/** The steps that make the database of a case, by name. */
export const preparations: Readonly<Record<string, (job: Job) => Promise<Timing>>> = {
  "prepare:write": async (job) => timed(() => prepareStore(job)),
  "prepare:change": async (job) => timed(() => changeStore(job)),
};

/** Writes the roots, and the targets too if the case has them, as often as the case says. */
async function prepareStore(job: Job): Promise<void> {
  const { graph, bench, workItems, feature } = setupOf(job);
  await using store = await openStore(job.file);
  const everything = { ...job, case: "first" };
  for (let version = 1; version <= bench.versions; version++) {
    await writeRoots(store, job, allWorkItems(workItems), `${version}`);
    if (!bench.written) continue;
    for (const key of graph.targets) {
      await using increment = await store.resolve(feature(key));
      await writeOutputs(everything, increment);
    }
  }
}

/** Changes, adds and removes what the case says. */
async function changeStore(job: Job): Promise<void> {
  const { graph, bench, workItems, feature } = setupOf(job);
  const { changed, added, removed } = movedWorkItems(workItems, bench.percent ?? 0);
  const [first] = graph.roots;
  if (first === undefined) return;
  {
    await using store = await openStore(job.file);
    await writeRoots(store, job, added, "changed");
    await store.write(feature(first.key), untyped({ sql: first.rows(changed, "changed") }));
  }
  const { table, spec } = feature(first.key);
  const ids = spec.idColumns.join(", ");
  await withConnection(job.file, (connection) =>
    connection.run(
      `INSERT INTO main.${table}
       SELECT * REPLACE (now() AS metaxy_updated_at, now() AS metaxy_deleted_at)
       FROM main.${table} SEMI JOIN (${first.rows(removed, "removed")}) USING (${ids})
       QUALIFY row_number() OVER (PARTITION BY ${ids} ORDER BY metaxy_updated_at DESC) = 1`,
    ),
  );
}

async function writeRoots(store: Store, job: Job, workItems: string, version: string): Promise<void> {
  const { graph, feature } = setupOf(job);
  for (const { key, rows } of graph.roots) {
    await store.write(feature(key), untyped({ sql: rows(workItems, version) }));
  }
}
