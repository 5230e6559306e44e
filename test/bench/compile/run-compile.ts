import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { BenchOptions } from "../bench-options.ts";
import { type CompileResult, median } from "../bench-report.ts";
import type { Workshop } from "../workshop.ts";
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
  readonly run: (place: Place) => Promise<Took>;
}

interface Place {
  readonly workshop: Workshop;
  readonly folder: string;
  readonly specs: number;
  readonly round: number;
}

const floors: Readonly<Record<string, (place: Place) => Promise<Took>>> = {
  node: ({ folder }) => timeNode(folder, ["-e", ""]),
  "tools' import": (place) => timeModule(place, "test/bench/compile/named-tools", []),
  tools: (place) => timeModule(place, "test/bench/compile/named-tools", [join(place.folder, "schemas")]),
  "tsc stemma": (place) => timeTsc(place, `export type { Feature } from "stemma";`),
};

const steps: readonly Step[] = [
  { name: "generate cold", floor: "tools", run: (place) => stemma(place, "generate") },
  { name: "generate unchanged", floor: "node", run: (place) => stemma(place, "generate") },
  {
    name: "generate one edited",
    floor: "tools' import",
    run: async (place) => {
      await editSpec(place.folder, middle(place), { codeVersion: `edited ${place.round}` });
      return stemma(place, "generate");
    },
  },
  {
    name: "generate one column edited",
    floor: "tools' import",
    run: async (place) => {
      await editSpec(place.folder, middle(place), { tags: `edited ${place.round}` });
      return stemma(place, "generate");
    },
  },
  { name: "watch: first answer", floor: "node", run: (place) => watch(place, ([first = 0]) => first) },
  {
    name: "watch: later answers",
    floor: "node",
    run: (place) => watch(place, ([, ...more]) => median(more)),
  },
  { name: "generate --check", floor: "tools", run: (place) => stemma(place, "generate", "--check") },
  { name: "diff", floor: "node", run: (place) => stemma(place, "diff", "--against", "generated") },
  {
    name: "tsc all features",
    floor: "tsc stemma",
    run: (place) => timeTsc(place, `export type * from "./generated/index.js";`),
  },
  {
    name: "tsc one feature",
    floor: "tsc stemma",
    run: (place) => timeTsc(place, `export type * from "./generated/area-0/step-1.js";`),
  },
];

/** The first of the features of its area: the others are moved with it. */
function middle({ specs }: Place): number {
  return Math.floor(specs / 20) * 10;
}

async function watch(place: Place, choose: (times: readonly number[]) => number): Promise<Took> {
  const { workshop, folder } = place;
  const memoryFile = join(workshop.folder, "memory");
  const measured = workshop.module("test/bench/compile/measured");
  const edits = ["a", "b", "c", "d"].map(
    (name) => () => editSpec(folder, middle(place), { codeVersion: `watched ${name} ${performance.now()}` }),
  );
  const args = [...measured, memoryFile, "generator/cli/main", "generate", "--watch", "--cwd", folder];
  const times = await timeWatch(args, edits);
  return { ms: choose(times), rssMiB: Number(await readFile(memoryFile, "utf8")) };
}

const hasDiff = existsSync(new URL("../../../generator/cli/commands/diff.ts", import.meta.url));

/** Measures compiling, each step as a whole process. A command that the CLI does not have is left out. */
export async function runCompile(
  workshop: Workshop,
  options: BenchOptions,
  tell: (line: string) => void,
): Promise<CompileResult[]> {
  // The other steps look at what a cold one leaves behind.
  const wanted = steps.filter(
    ({ name }) =>
      (name !== "diff" || hasDiff) &&
      (name === "generate cold" || options.measures.length === 0 || options.measures.includes(name)),
  );
  const results: CompileResult[] = [];
  for (const specs of options.specs) {
    tell(`${specs} specs`);
    const rounds: Map<string, Took>[] = [];
    for (let round = 0; round < options.rounds; round++) {
      rounds.push(await runRound({ workshop, specs, round, folder: join(workshop.folder, "specs") }, wanted));
    }
    results.push(...wanted.map((step) => summarise(specs, step, rounds)));
  }
  return results;
}

async function runRound(place: Place, wanted: readonly Step[]): Promise<Map<string, Took>> {
  const took = new Map<string, Took>();
  await mkdir(place.folder);
  try {
    await makeProject(place.folder, place.specs);
    const needed = new Set(wanted.map(({ floor }) => floor));
    for (const [name, run] of Object.entries(floors)) if (needed.has(name)) took.set(name, await run(place));
    for (const { name, run } of wanted) took.set(name, await run(place));
  } finally {
    await rm(place.folder, { recursive: true });
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

function stemma(place: Place, command: string, ...options: string[]): Promise<Took> {
  return timeModule(place, "generator/cli/main", [command, ...options, "--cwd", place.folder, "--quiet"]);
}

async function timeModule({ workshop, folder }: Place, module: string, args: string[]): Promise<Took> {
  const memoryFile = join(workshop.folder, "memory");
  const measured = workshop.module("test/bench/compile/measured");
  const { ms } = await timeNode(folder, [...measured, memoryFile, module, ...args]);
  return { ms, rssMiB: Number(await readFile(memoryFile, "utf8")) };
}

/** Checks a file of the project, with all that it imports. */
async function timeTsc({ folder }: Place, text: string): Promise<Took> {
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
