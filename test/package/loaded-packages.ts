import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";

/** Packages of which Node loads a file while it runs a program, as V8 records it: no way to load escapes it. */
export async function loadedPackages(args: readonly string[], cwd: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "stemma-loaded-"));
  try {
    await runCommand(process.execPath, args, { cwd, env: { NODE_V8_COVERAGE: folder } });
    const records = await Promise.all(
      (await readdir(folder)).map((file) => readFile(join(folder, file), "utf8")),
    );
    const scripts = records.flatMap((text) => (JSON.parse(text) as CoverageRecord).result);
    const packages = scripts.flatMap(
      ({ url }) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [],
    );
    return [...new Set(packages)].sort();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface CoverageRecord {
  readonly result: readonly { readonly url: string }[];
}
