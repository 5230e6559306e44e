import { parseArgs } from "node:util";
import { cases } from "./cases.ts";
import { graphs } from "./graphs.ts";

/** What to measure. */
export interface BenchOptions {
  /** Rows of the largest table. Empty: no stores. */
  readonly rows: readonly number[];
  readonly graphs: readonly string[];
  readonly cases: readonly string[];
  /** Names of measures and of steps of a compile; all if empty. */
  readonly measures: readonly string[];
  /** Numbers of specs to compile. Empty: no compiling. */
  readonly specs: readonly number[];
  readonly rounds: number;
  /** File for the numbers. */
  readonly json: string | undefined;
  /** Whether to put the table into the README of the benchmark, and a summary into that of the project. */
  readonly readme: boolean;
  /** Files with the numbers of earlier runs on this machine, to be printed instead of measuring. */
  readonly from: readonly string[];
}

/** Reads the command line. Lists are separated by commas; `none` is an empty one. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: "string", default: "10000,100000,1000000" },
      graph: { type: "string", default: Object.keys(graphs).join() },
      case: { type: "string", default: Object.keys(cases).join() },
      measure: { type: "string", default: "none" },
      specs: { type: "string", default: "10,100,1000,5000" },
      rounds: { type: "string", default: "3" },
      json: { type: "string" },
      readme: { type: "boolean", default: false },
      from: { type: "string", default: "none" },
    },
  });
  return {
    rows: list(values.rows).map(Number),
    graphs: known(list(values.graph), graphs),
    cases: known(list(values.case), cases),
    measures: list(values.measure),
    specs: list(values.specs).map(Number),
    rounds: Number(values.rounds),
    json: values.json,
    readme: values.readme,
    from: list(values.from),
  };
}

function list(text: string): string[] {
  return text === "none" ? [] : text.split(",").map((item) => item.trim());
}

function known(names: string[], all: object): string[] {
  const unknown = names.find((name) => !(name in all));
  if (unknown === undefined) return names;
  throw new Error(`There is no ${unknown}: take some of ${Object.keys(all).join(", ")}`);
}
