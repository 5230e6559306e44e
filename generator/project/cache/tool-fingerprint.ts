import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { cacheKey } from "../../pipeline/index.ts";

/** A fingerprint of all that turns specs into files: this package, its dependencies, Node. Undefined if a part is missing. */
export function toolFingerprint(): string | undefined {
  const require = createRequire(import.meta.url);
  const code = fileURLToPath(new URL("../../../", import.meta.url));
  try {
    return cacheKey(
      "tool",
      process.versions.node,
      [...filesIn(join(code, "generator")), ...filesIn(join(code, "runtime"))],
      fileStamp(require.resolve("stemma/feature.schema.json")),
      [...dependenciesOf(dirname(require.resolve("stemma/package.json")))],
    );
  } catch {
    return undefined;
  }
}

/** Our own files, which may change while somebody works on them. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return path.endsWith(".d.ts") ? [] : [fileStamp(path)];
  });
}

function fileStamp(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${path} ${size} ${mtimeMs}`;
}

/** A package and its dependencies as installed, without DuckDB, which compiles nothing. */
function dependenciesOf(folder: string): ReadonlySet<string> {
  const packages = new Set<string>();
  const folders = new Set([folder]);
  // A Set also iterates over what the loop adds.
  for (const current of folders) {
    const {
      name,
      version,
      dependencies = {},
    }: Package = JSON.parse(readFileSync(join(current, "package.json"), "utf8"));
    packages.add(`${name} ${version}`);
    for (const needed of Object.keys(dependencies)) {
      if (needed !== "@duckdb/node-api") folders.add(installed(needed, current));
    }
  }
  return packages;
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The folder of a package that another one imports. */
function installed(name: string, from: string): string {
  for (let parent = from; parent !== dirname(parent); parent = dirname(parent)) {
    const folder = join(parent, "node_modules", name);
    if (existsSync(folder)) return realpathSync(folder);
  }
  throw new Error(`${name} is not installed`);
}
