import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { CompileOptions, CompileResult } from "../../compile-project.ts";
import { type CompileCache, cacheKey } from "../../pipeline/index.ts";
import { sha256 } from "../../pipeline/sha256.ts";
import type { Sources } from "../../source/source-file.ts";
import { DiskCache } from "./disk-cache.ts";

/** Opens the cache of a project; undefined if it has no place for one. */
export function openCache(root: string): DiskCache | undefined {
  const tool = toolFingerprint();
  return tool === undefined ? undefined : DiskCache.open(root, tool);
}

/** The result of a compile, and a function that stores it for later compiles, to be called when nobody waits. */
export interface CachedCompile {
  readonly result: CompileResult;
  save(): void;
}

/** Compiles a project. It loads the compiler only if the cache lacks the result. */
export async function compileWithCache(
  sources: Sources,
  options: CompileOptions,
  cache: DiskCache | undefined,
): Promise<CachedCompile> {
  const key = cache === undefined ? "" : compileKey(sources, options);
  const cached = cache && loadCompile(key, cache);
  if (cached !== undefined) return { result: cached, save: () => undefined };
  const { compileProject } = await import("../../compile-project.ts");
  const result = await compileProject(sources, options, cache);
  const save = () => {
    if (cache === undefined) return;
    storeCompile(key, result, cache);
    cache.save();
  };
  return { result, save };
}

/** The cache entry of a compile. Each text has an entry of its own. */
interface CompileEntry {
  readonly files: readonly { readonly path: string; readonly key: string }[];
  readonly diagnostics: CompileResult["diagnostics"];
}

/** The cache key of a compile: of all sources and settings. */
export function compileKey(sources: Sources, options: CompileOptions): string {
  const { project, hashLength, schemas, generated, importExtension, engines } = options;
  const settings = [project, hashLength, schemas, generated, importExtension, engines];
  return cacheKey("project", settings, Object.entries(sources).sort());
}

/** The result of an earlier compile, if the cache holds all of it. */
export function loadCompile(key: string, cache: CompileCache): CompileResult | undefined {
  const entry = cache.get(key);
  if (entry === undefined) return undefined;
  const { files, diagnostics }: CompileEntry = JSON.parse(entry);
  const cached = files.map(({ path, key }) => ({ path, text: cache.get(key) }));
  const complete = cached.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
  const manifest = complete.at(-1);
  if (manifest === undefined || complete.length < files.length) return undefined;
  return { files: complete, manifest: JSON.parse(manifest.text), diagnostics };
}

/** Stores the result of a compile, unless it has errors: these are computed again. */
function storeCompile(
  key: string,
  { files, manifest, diagnostics }: CompileResult,
  cache: CompileCache,
): void {
  if (manifest === undefined) return;
  const entry: CompileEntry = {
    files: files.map(({ path, text }) => {
      const key = `file ${sha256(text)}`;
      cache.set(key, text);
      return { path, key };
    }),
    diagnostics,
  };
  cache.set(key, JSON.stringify(entry));
}

/** A fingerprint of all that turns specs into files: this package, its dependencies, Node. Undefined if a part is missing. */
function toolFingerprint(): string | undefined {
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
