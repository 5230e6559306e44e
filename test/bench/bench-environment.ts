import { execFile } from "node:child_process";
import { copyFile, cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Job, Outcome } from "./job.ts";

const run = promisify(execFile);
const project = fileURLToPath(new URL("../../", import.meta.url));

/** A folder for one run, and how its processes are started. */
export interface BenchEnvironment {
  readonly folder: string;
  /** Arguments of Node that run a module of this project, by its path without extension. */
  readonly module: (path: string) => string[];
}

/** A workshop that runs the sources: nothing is built, and starting takes longer. */
export async function sourceEnvironment(): Promise<BenchEnvironment> {
  const folder = await mkdtemp(join(tmpdir(), "stemma-bench-"));
  const module = (path: string) => [
    "--import",
    import.meta.resolve("tsx"),
    "--conditions=stemma-source",
    join(project, `${path}.ts`),
  ];
  return { folder, module };
}

/** A workshop with a build of its own, as users run it, and so that edits during a run change nothing. */
export async function builtEnvironment(): Promise<BenchEnvironment> {
  const { folder } = await sourceEnvironment();
  const build = join(folder, "build");
  const compiler = join(project, "node_modules/typescript/bin/tsc");
  await run(process.execPath, [compiler, "-p", join(project, "test/bench"), "--outDir", build]);
  await copyFile(join(project, "package.json"), join(build, "package.json"));
  await cp(join(project, "schemas"), join(build, "schemas"), { recursive: true });
  await symlink(join(project, "node_modules"), join(build, "node_modules"));
  return { folder, module: (path) => [join(build, `${path}.js`)] };
}

/** Removes all that a workshop holds. */
export async function clear({ folder }: BenchEnvironment): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Does a job in a fresh process, on the file itself. */
export async function runJob(
  environment: BenchEnvironment,
  job: Job,
): Promise<Outcome & { processMs: number }> {
  const path = join(environment.folder, "job.json");
  await writeFile(path, JSON.stringify(job));
  const start = performance.now();
  const { stdout } = await run(process.execPath, [...environment.module("test/bench/child"), path]);
  return { ...JSON.parse(stdout), processMs: performance.now() - start };
}

/** Does a job in a fresh process, on a copy of the file. */
export async function runOnCopy(
  environment: BenchEnvironment,
  job: Job,
): Promise<Outcome & { processMs: number }> {
  const file = join(environment.folder, "copy.duckdb");
  await copyFile(job.file, file);
  try {
    return await runJob(environment, { ...job, file });
  } finally {
    await rm(file, { force: true });
    await rm(`${file}.wal`, { force: true });
  }
}
