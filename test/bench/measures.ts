import { setTimeout } from "node:timers/promises";
import { openStore } from "../../runtime/duckdb/index.ts";
import type { AnyFeature, Counts, Increment, ResolveOptions, RowSet, Store } from "../../runtime/index.ts";
import { untyped } from "../support/untyped.ts";
import { allNew, type BenchCase, cases } from "./cases.ts";
import { type Job, type Outcome, timed } from "./job.ts";
import { setupOf, writeOutputs } from "./prepare.ts";

/** Something that a store does, timed on a cold file. */
export interface Measure {
  /** Name of the floor that it is measured against: one of plain SQL, or another measure. */
  readonly floor: (graph: string, bench: BenchCase) => string;
  /** Where it is measured; everywhere if absent. */
  readonly only?: (graph: string, bench: BenchCase) => boolean;
  readonly run: (job: Job) => Promise<Omit<Outcome, "rssMiB">>;
}

const join = (graph: string): string => (graph === "aggregation" ? "floor:group" : "floor:join");
const written = (graph: string, bench: BenchCase): string =>
  allNew(bench) ? "floor:md5+insert" : join(graph);
const simple = (graph: string): boolean => graph === "simple";
// A later step of a chain has nothing to look at before the earlier one is written.
const alone = (graph: string, bench: BenchCase): boolean => graph !== "chain" || !allNew(bench);
// What depends on neither graph nor case.
const once = (graph: string, bench: BenchCase): boolean => graph === "simple" && bench === cases["unchanged"];

// All are new, and a model is computed for each.
const modelled = (graph: string, bench: BenchCase): boolean => simple(graph) && bench === cases["first"];

/** The measures by name. */
export const measures: Readonly<Record<string, Measure>> = {
  open: {
    floor: () => "floor:open",
    only: once,
    run: async ({ file }) => {
      const { ms, cpuMs } = await timed(async () => (await openStore(file)).close());
      return { ms, cpuMs };
    },
  },
  counts: { floor: join, only: alone, run: (job) => resolveAll(job, async () => 0) },
  // A predicate that holds for no row: nothing remembered may be used, and the sets are the same.
  "counts (full way)": {
    floor: join,
    only: alone,
    run: (job) => resolveAll(job, async () => 0, holdsForNone),
  },
  "resolve + write": {
    floor: written,
    run: (job) => resolveAll(job, (increment) => writeOutputs(job, increment)),
  },
  // What is missing from 1 is what it costs to remember: on a store that recalls nothing, the two differ in that alone.
  "resolve + write (nothing remembered)": {
    floor: () => "resolve + write",
    only: (graph, bench) => simple(graph) && allNew(bench),
    run: (job) => resolveAll(job, (increment) => writeOutputs(job, increment), holdsForNone),
  },
  "resolve + iterate": {
    floor: join,
    only: alone,
    run: (job) => resolveAll(job, (increment) => iterate(increment)),
  },
  "resolve + iterate ids": {
    floor: join,
    only: alone,
    run: (job) => resolveAll(job, (increment) => iterate(increment, increment.feature.plan.grain)),
  },
  "iterate + plain writes": {
    floor: written,
    only: simple,
    run: (job) => resolveAll(job, writeBatches),
  },
  // A worker that computes nothing: what is left is what processing costs.
  process: {
    floor: () => "iterate + plain writes",
    only: simple,
    run: processAll,
  },
  // A model that computes 64 items a call, off the thread, 0.2 ms each: what a loop over it alone takes.
  "model loop": { floor: () => "model loop", only: modelled, run: loopModel },
  "process in batches": { floor: () => "model loop", only: modelled, run: processInBatches },
  "write from SQL": {
    floor: () => "floor:insert",
    only: once,
    run: (job) =>
      writeCopy(job, {
        sql: "SELECT sample_id, path, size, quality, metaxy_provenance_by_field FROM main.video",
      }),
  },
  "write from JavaScript": {
    floor: () => "floor:insert",
    only: once,
    run: (job) => writeCopy(job, videos(job.rows)),
  },
};

type Use = (increment: Increment<AnyFeature>, store: Store) => Promise<number>;

/** A predicate that singles no row out. */
const holdsForNone = (feature: AnyFeature): string[] => [`${feature.spec.idColumns[0]} = ''`];

/** Resolves the targets one after the other, and uses each increment. */
async function resolveAll(
  job: Job,
  use: Use,
  staleIf?: (feature: AnyFeature) => string[],
): Promise<Omit<Outcome, "rssMiB">> {
  await using store = await openStore(job.file);
  const { ms, cpuMs, result } = await timed(async () => {
    const done: { counts: Counts; rows: number }[] = [];
    for (const target of setupOf(job).targets) {
      const options = staleIf === undefined ? {} : { staleIf: staleIf(target) };
      done.push(await resolveOne(store, target, options, use));
    }
    return done;
  });
  const sum = (value: (each: (typeof result)[number]) => number) =>
    result.reduce((total, each) => total + value(each), 0);
  return {
    ms,
    cpuMs,
    rows: sum(({ rows }) => rows),
    counts: {
      new: sum(({ counts }) => counts.new),
      stale: sum(({ counts }) => counts.stale),
      orphaned: sum(({ counts }) => counts.orphaned),
    },
  };
}

async function resolveOne(
  store: Store,
  target: AnyFeature,
  options: ResolveOptions<AnyFeature>,
  use: Use,
): Promise<{ counts: Counts; rows: number }> {
  await using increment = await store.resolve(target, options);
  return { counts: increment.counts, rows: await use(increment, store) };
}

async function iterate(increment: Increment<AnyFeature>, columns?: readonly string[]): Promise<number> {
  let rows = 0;
  for (const set of [increment.new, increment.stale, increment.orphaned]) {
    const all: RowSet<Readonly<Record<string, unknown>>> = untyped(set);
    for await (const _ of columns === undefined ? all : all.select(...columns)) rows += 1;
  }
  return rows;
}

/** Writes the same batches as a process does, one by one, without any account of what they answer. */
async function writeBatches(increment: Increment<AnyFeature>, store: Store): Promise<number> {
  let rows = 0;
  for (const set of [increment.new, increment.stale])
    for await (const batch of set.batches(122_880))
      rows += (await store.write(increment.feature, untyped(batch))).rows;
  return rows;
}

async function processAll(job: Job): Promise<Omit<Outcome, "rssMiB">> {
  await using store = await openStore(job.file);
  const { ms, cpuMs, result } = await timed(async () => {
    let rows = 0;
    for (const target of setupOf(job).targets)
      rows += (await store.process(target, (row) => untyped(row))).rows;
    return rows;
  });
  return { ms, cpuMs, rows: result };
}

/** Items of one call of the model. */
const modelBatch = 64;

/** A model on another device: its time passes while this thread is free. 0.2 ms a row, and less for many rows. */
function modelFor({ rows: total }: Job): (rows: readonly unknown[]) => Promise<readonly unknown[]> {
  const msPerRow = Math.min(0.2, 20_000 / total);
  return async (rows) => {
    await setTimeout(rows.length * msPerRow);
    return rows;
  };
}

/** Calls the model for rows in memory, and keeps nothing: what is missing to 1 is what processing costs. */
async function loopModel(job: Job): Promise<Omit<Outcome, "rssMiB">> {
  const model = modelFor(job);
  const batch = Array.from({ length: modelBatch }, (_, index) => index);
  const { ms, cpuMs } = await timed(async () => {
    for (let done = 0; done < job.rows; done += modelBatch)
      await model(batch.slice(0, Math.min(modelBatch, job.rows - done)));
  });
  return { ms, cpuMs, rows: job.rows };
}

async function processInBatches(job: Job): Promise<Omit<Outcome, "rssMiB">> {
  await using store = await openStore(job.file);
  const [target] = setupOf(job).targets;
  if (target === undefined) throw new Error("The graph has no target");
  const model = modelFor(job);
  const worker = { batch: modelBatch, run: async (items: readonly unknown[]) => untyped(await model(items)) };
  const { ms, cpuMs, result } = await timed(() => store.process(target, worker));
  return { ms, cpuMs, rows: result.rows };
}

async function writeCopy(job: Job, rows: unknown): Promise<Omit<Outcome, "rssMiB">> {
  await using store = await openStore(job.file);
  const { ms, cpuMs, result } = await timed(() =>
    store.write(setupOf(job).feature("video-copy"), untyped(rows)),
  );
  return { ms, cpuMs, rows: result.rows };
}

/** Rows of the simple graph's root, as a program would hand them over. */
function* videos(count: number): Generator<object> {
  for (let u = 0; u < count; u++) {
    const version = u.toString(16).padStart(32, "0");
    yield {
      sample_id: `sample_${String(u).padStart(9, "0")}`,
      path: `s3://media/raw/${u}.mp4`,
      size: u % 4096,
      quality: u / 7,
      metaxy_provenance_by_field: { audio: version, frames: version },
    };
  }
}
