import { afterAll, expect, test } from "vitest";
import { clear, sourceEnvironment } from "./bench-environment.ts";
import { benchOptions } from "./bench-options.ts";
import { type BenchReport, joinReports, printReport } from "./bench-report.ts";
import { printSummary } from "./bench-summary.ts";
import { cases } from "./cases.ts";
import { runBench } from "./run-bench.ts";

const environment = await sourceEnvironment();

afterAll(() => clear(environment));

async function bench(...args: string[]): Promise<BenchReport> {
  const options = benchOptions(["--rounds", "1", "--rows", "none", "--specs", "none", ...args]);
  return runBench(environment, options, () => undefined);
}

const time: unknown = expect.any(Number);
const timed = { ms: time, rounds: [time], floorMs: time, ratio: time, rssMiB: time };

test("measures what a case leaves to be done, beside a floor", async () => {
  const report = await bench(
    "--rows",
    "10000",
    "--graph",
    "simple",
    "--case",
    "first,1%",
    "--measure",
    "resolve + write",
  );

  const place = {
    graph: "simple",
    rows: 10_000,
    measure: "resolve + write",
    ...timed,
    cpuRatio: time,
    processMs: time,
  };
  expect(report.stores).toEqual([
    {
      ...place,
      case: "first",
      floor: "floor:md5+insert",
      done: 10_000,
      counts: { new: 10_000, stale: 0, orphaned: 0 },
    },
    { ...place, case: "1%", floor: "floor:join", done: 150, counts: { new: 50, stale: 100, orphaned: 50 } },
  ]);
  expect(report.machine).toEqual({
    cpu: expect.any(String),
    cores: time,
    memoryGiB: time,
    node: expect.any(String),
    duckdb: expect.any(String),
  });
  expect(printReport(report).split("\n")).toHaveLength(6);
});

test.each([
  // Units of work that are new, stale and orphaned at 10,000 rows.
  ["wide", "1%-5", [50, 100, 50]],
  ["aggregation", "10%", [50, 100, 50]],
  ["expansion", "10%", [50, 100, 50]],
  ["simple", "bump", [10_000, 0, 0]],
])("makes the data that the case says: %s, %s", async (graph, name, [fresh, stale, orphaned]) => {
  const report = await bench("--rows", "10000", "--graph", graph, "--case", name, "--measure", "counts");

  expect(report.stores.map(({ counts }) => counts)).toEqual([{ new: fresh, stale, orphaned }]);
});

test("prints runs as one, and a summary of them", async () => {
  const run = await bench("--rows", "10000", "--graph", "simple", "--case", "1%", "--measure", "counts");
  const took = (ms: number) => ({ ...run, stores: run.stores.map((result) => ({ ...result, ms })) });
  const joined = joinReports([took(5000), took(230)]);

  expect(joined.stores.map(({ ms }) => ms)).toEqual([230]);
  expect(printSummary(joined).split("\n").slice(2)).toEqual([
    "| 10,000 samples | resolve |",
    "|----------------|---------|",
    "| 1 % changed    | 0.23 s  |",
  ]);
});

test("compiles beside the named tools", async () => {
  const { compile } = await bench(
    "--specs",
    "10",
    "--measure",
    "generate unchanged,generate one column edited,watch: later answers,tsc one feature",
  );

  expect(compile).toEqual([
    { specs: 10, step: "generate cold", floor: "tools", ...timed },
    { specs: 10, step: "generate unchanged", floor: "node", ...timed },
    { specs: 10, step: "generate one column edited", floor: "tools' import", ...timed },
    { specs: 10, step: "watch: later answers", floor: "node", ...timed },
    { specs: 10, step: "tsc one feature", floor: "tsc stemma", ...timed },
  ]);
});

test("refuses a case that does not exist", () => {
  expect(() => benchOptions(["--case", "2%"])).toThrow(
    `There is no 2%: take some of ${Object.keys(cases).join(", ")}`,
  );
});
