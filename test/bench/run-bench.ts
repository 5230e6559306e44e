import { arch, cpus, totalmem } from "node:os";
import process from "node:process";
import { version as duckdb } from "@duckdb/node-api";
import type { BenchEnvironment } from "./bench-environment.ts";
import type { BenchOptions } from "./bench-options.ts";
import type { BenchReport } from "./bench-report.ts";
import { runCompile } from "./compile/run-compile.ts";
import { runStores } from "./run-stores.ts";

/** Measures what the options ask for. `tell` is called as it goes. */
export async function runBench(
  environment: BenchEnvironment,
  options: BenchOptions,
  report: (line: string) => void,
): Promise<BenchReport> {
  return {
    machine: {
      cpu: `${cpus()[0]?.model.trim() ?? "unknown"} (${arch()})`,
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.versions.node,
      duckdb: duckdb(),
    },
    stores: await runStores(environment, options, report),
    compile: await runCompile(environment, options, report),
  };
}
