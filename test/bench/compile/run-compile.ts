import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { BenchEnvironment } from "../bench-environment.ts";
import type { BenchOptions } from "../bench-options.ts";
import { type CompileResult, median } from "../bench-report.ts";
import { editSpec, makeProject } from "./make-specs.ts";
import { timeWatch } from "./time-watch.ts";

/** What a process took. */
interface Took {
  readonly ms: number;
  readonly rssMiB: number;
}

/** A step of a round, and the floor that it is measured against. They run in this order, in one project. */
interface Step {
  readonly name: string;
  readonly floor: string;
  readonly run: (context: RoundContext) => Promise<Took>;
}

interface RoundContext {
  readonly environment: BenchEnvironment;
  readonly folder: string;
  readonly specs: number;
  readonly round: number;
}

const floors: Readonly<Record<string, (context: RoundContext) => Promise<Took>>> = {
  node: ({ folder }) => timeNode(folder, ["-e", ""]),
  "tools' import": (context) => timeModule(context, "test/bench/compile/named-tools", []),
  tools: (context) =>
    timeModule(context, "test/bench/compile/named-tools", [join(context.folder, "schemas")]),
  "tsc stemma": (context) => timeTsc(context, `export type { Feature } from "stemma";`),
};

const steps: readonly Step[] = [
  { name: "generate cold", floor: "tools", run: (context) => stemma(context, "generate") },
  { name: "generate unchanged", floor: "node", run: (context) => stemma(context, "generate") },
  {
    name: "generate one edited",
    floor: "tools' import",
    run: async (context) => {
      await editSpec(context.folder, middle(context), { codeVersion: `edited ${context.round}` });
      return stemma(context, "generate");
    },
  },
  {
    name: "generate one column edited",
    floor: "tools' import",
    run: async (context) => {
      await editSpec(context.folder, middle(context), { tags: `edited ${context.round}` });
      return stemma(context, "generate");
    },
  },
  { name: "watch: first answer", floor: "node", run: (context) => watch(context, ([first = 0]) => first) },
  {
    name: "watch: later answers",
    floor: "node",
    run: (context) => watch(context, ([, ...more]) => median(more)),
  },
  { name: "generate --check", floor: "tools", run: (context) => stemma(context, "generate", "--check") },
  { name: "diff", floor: "node", run: (context) => stemma(context, "diff", "--against", "generated") },
  {
    name: "tsc all features",
    floor: "tsc stemma",
    run: (context) => timeTsc(context, `export type * from "./generated/index.js";`),
  },
  {
    name: "tsc one feature",
    floor: "tsc stemma",
    run: (context) => timeTsc(context, `export type * from "./generated/area-0/step-1.js";`),
  },
];

/** The first of the features of its area: the others are moved with it. */
function middle({ specs }: RoundContext): number {
  return Math.floor(specs / 20) * 10;
}

async function watch(context: RoundContext, choose: (times: readonly number[]) => number): Promise<Took> {
  const { environment, folder } = context;
  const memoryFile = join(environment.folder, "memory");
  const measured = environment.module("test/bench/compile/measured");
  const edits = ["a", "b", "c", "d"].map(
    (name) => () =>
      editSpec(folder, middle(context), { codeVersion: `watched ${name} ${performance.now()}` }),
  );
  const args = [...measured, memoryFile, "generator/cli/main", "generate", "--watch", "--cwd", folder];
  const times = await timeWatch(args, edits);
  return { ms: choose(times), rssMiB: Number(await readFile(memoryFile, "utf8")) };
}

const hasDiff = existsSync(new URL("../../../generator/cli/commands/diff.ts", import.meta.url));

/** Measures compiling, each step as a whole process. A command that the CLI does not have is left out. */
export async function runCompile(
  environment: BenchEnvironment,
  options: BenchOptions,
  report: (line: string) => void,
): Promise<CompileResult[]> {
  // The other steps look at what a cold one leaves behind.
  const requested = steps.filter(
    ({ name }) =>
      (name !== "diff" || hasDiff) &&
      (name === "generate cold" || options.measures.length === 0 || options.measures.includes(name)),
  );
  const results: CompileResult[] = [];
  for (const specs of options.specs) {
    report(`${specs} specs`);
    const rounds: Map<string, Took>[] = [];
    for (let round = 0; round < options.rounds; round++) {
      rounds.push(
        await runRound({ environment, specs, round, folder: join(environment.folder, "specs") }, requested),
      );
    }
    results.push(...requested.map((step) => summarise(specs, step, rounds)));
  }
  return results;
}

async function runRound(context: RoundContext, requested: readonly Step[]): Promise<Map<string, Took>> {
  const took = new Map<string, Took>();
  await mkdir(context.folder);
  try {
    await makeProject(context.folder, context.specs);
    const needed = new Set(requested.map(({ floor }) => floor));
    for (const [name, run] of Object.entries(floors))
      if (needed.has(name)) took.set(name, await run(context));
    for (const { name, run } of requested) took.set(name, await run(context));
  } finally {
    await rm(context.folder, { recursive: true });
  }
  return took;
}

function summarise(
  specs: number,
  { name, floor }: Step,
  rounds: readonly ReadonlyMap<string, Took>[],
): CompileResult {
  const taken = (what: string) => rounds.flatMap((round) => round.get(what) ?? []);
  const runs = taken(name);
  const floorRuns = taken(floor);
  return {
    specs,
    step: name,
    ms: median(runs.map(({ ms }) => ms)),
    rounds: runs.map(({ ms }) => ms),
    floor,
    floorMs: median(floorRuns.map(({ ms }) => ms)),
    ratio: median(runs.map(({ ms }, index) => ms / (floorRuns[index]?.ms ?? Number.NaN))),
    rssMiB: Math.max(...runs.map(({ rssMiB }) => rssMiB)),
  };
}

function stemma(context: RoundContext, command: string, ...options: string[]): Promise<Took> {
  return timeModule(context, "generator/cli/main", [command, ...options, "--cwd", context.folder, "--quiet"]);
}

async function timeModule(
  { environment, folder }: RoundContext,
  module: string,
  args: string[],
): Promise<Took> {
  const memoryFile = join(environment.folder, "memory");
  const measured = environment.module("test/bench/compile/measured");
  const { ms } = await timeNode(folder, [...measured, memoryFile, module, ...args]);
  return { ms, rssMiB: Number(await readFile(memoryFile, "utf8")) };
}

/** Checks a file of the project, with all that it imports. */
async function timeTsc({ folder }: RoundContext, text: string): Promise<Took> {
  const compilerOptions = {
    target: "ES2023",
    lib: ["ES2023", "ESNext.Disposable", "DOM"],
    module: "NodeNext",
    customConditions: ["stemma-source"],
    types: [],
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
  };
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(folder, "main.ts"), text);
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
  return timeNode(folder, [
    fileURLToPath(new URL("lib/tsc.js", import.meta.resolve("typescript/package.json"))),
  ]);
}

/** Runs Node; rejects where it ends with another code than 0. */
function timeNode(cwd: string, args: readonly string[]): Promise<Took> {
  return new Promise((done, fail) => {
    const start = performance.now();
    execFile(process.execPath, args, { cwd }, (error, stdout, stderr) => {
      const ms = performance.now() - start;
      if (error === null) done({ ms, rssMiB: 0 });
      else fail(new Error(`${error.message}\n${stdout}${stderr}`, { cause: error }));
    });
  });
}
