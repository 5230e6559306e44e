import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AnyFeature } from "../../runtime/index.ts";
import { loadProject } from "../support/load-project.ts";
import { type BenchEnvironment, runJob, runOnCopy } from "./bench-environment.ts";
import type { BenchOptions } from "./bench-options.ts";
import { type BenchResult, median } from "./bench-report.ts";
import { type BenchCase, cases } from "./cases.ts";
import { floors } from "./floors.ts";
import { type BenchGraph, graphs } from "./graphs.ts";
import type { Job } from "./job.ts";
import { measures } from "./measures.ts";

/** Measures stores: for each graph and size all cases, one after the other, so that only their files lie on the disk. */
export async function runStores(
  environment: BenchEnvironment,
  options: BenchOptions,
  report: (line: string) => void,
): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const rows of options.rows) {
    for (const name of options.graphs) {
      const files = new Files(environment, name, rows);
      for (const caseName of options.cases) {
        report(`${name}, ${rows} rows, ${caseName}`);
        results.push(...(await measureCase(environment, options, files, caseName)));
      }
      await files.remove();
    }
  }
  return results;
}

type Run = Awaited<ReturnType<typeof runJob>>;

async function measureCase(
  environment: BenchEnvironment,
  options: BenchOptions,
  files: Files,
  caseName: string,
): Promise<BenchResult[]> {
  const { graph, bench } = findCase(files.graph, caseName);
  const computed = await files.job("unchanged");
  const job = { ...(await files.job(caseName)), features: compile(graph, bench.bumped ? "2" : "1") };
  const requested = Object.entries(measures).filter(
    ([name, { only }]) =>
      (options.measures.length === 0 || options.measures.includes(name)) &&
      (only === undefined || only(files.graph, bench)),
  );
  const floorNames = requested.map(([, { floor }]) => floor(files.graph, bench));
  const works = new Set([...floorNames, ...requested.map(([name]) => name)]);
  const rounds: ReadonlyMap<string, Run>[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const outcomes = new Map<string, Run>();
    for (const work of works)
      outcomes.set(work, await runOnCopy(environment, { ...(work in floors ? computed : job), work }));
    rounds.push(outcomes);
  }
  const place = { graph: files.graph, case: caseName, rows: files.rows };
  return requested.map(([measure, { floor }]) =>
    summarise({ ...place, measure, floor: floor(files.graph, bench) }, rounds),
  );
}

function summarise(
  place: Pick<BenchResult, "graph" | "case" | "rows" | "measure" | "floor">,
  rounds: readonly ReadonlyMap<string, Run>[],
): BenchResult {
  const pairs = rounds.map((round) => ({
    run: outcomeOf(round, place.measure),
    floor: outcomeOf(round, place.floor),
  }));
  const middle = (value: (pair: (typeof pairs)[number]) => number) => median(pairs.map(value));
  const [{ rows, counts } = {}]: Partial<Run>[] = pairs.map(({ run }) => run);
  return {
    ...place,
    ms: middle(({ run }) => run.ms),
    rounds: pairs.map(({ run }) => run.ms),
    floorMs: middle(({ floor }) => floor.ms),
    ratio: middle(({ run, floor }) => run.ms / floor.ms),
    cpuRatio: middle(({ run, floor }) => run.cpuMs / floor.cpuMs),
    rssMiB: Math.max(...pairs.map(({ run }) => run.rssMiB)),
    processMs: middle(({ run }) => run.processMs),
    ...(rows ? { done: rows } : {}),
    ...(counts === undefined ? {} : { counts }),
  };
}

function outcomeOf(round: ReadonlyMap<string, Run>, work: string): Run {
  const outcome = round.get(work);
  if (outcome === undefined) throw new Error(`Nobody ran ${work}`);
  return outcome;
}

/** The prepared databases of one graph and size. Each is made once, when it is asked for. */
class Files {
  readonly graph: string;
  readonly rows: number;
  readonly #environment: BenchEnvironment;
  readonly #made = new Map<string, string>();

  constructor(environment: BenchEnvironment, graph: string, rows: number) {
    this.#environment = environment;
    this.graph = graph;
    this.rows = rows;
  }

  /** A job on the database of a case, its work still to be named. */
  async job(caseName: string): Promise<Job> {
    const { graph, bench } = findCase(this.graph, caseName);
    const job = { work: "", graph: this.graph, case: caseName, rows: this.rows };
    const features = compile(graph, "1");
    const written = await this.#make(`${bench.written}-${bench.versions}`, (file) =>
      runJob(this.#environment, { ...job, work: "prepare:write", file, features }),
    );
    if (bench.percent === undefined) return { ...job, file: written, features };
    const changed = await this.#make(caseName, async (file) => {
      await copyFile(written, file);
      await runJob(this.#environment, { ...job, work: "prepare:change", file, features });
    });
    return { ...job, file: changed, features };
  }

  async remove(): Promise<void> {
    for (const file of this.#made.values()) await rm(file);
  }

  async #make(name: string, make: (file: string) => Promise<unknown>): Promise<string> {
    const made = this.#made.get(name);
    if (made !== undefined) return made;
    const file = join(this.#environment.folder, `${this.graph}-${this.rows}-${name.replace("%", "")}.duckdb`);
    await make(file);
    this.#made.set(name, file);
    return file;
  }
}

function findCase(graphName: string, caseName: string): { graph: BenchGraph; bench: BenchCase } {
  const graph = graphs[graphName];
  const bench = cases[caseName];
  if (graph === undefined || bench === undefined) throw new Error(`No ${graphName} or no ${caseName}`);
  return { graph, bench };
}

function compile(graph: BenchGraph, codeVersion: string): Record<string, AnyFeature> {
  return loadProject(graph.specs(codeVersion), { hashLength: 64 });
}
