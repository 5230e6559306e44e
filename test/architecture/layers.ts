import type { Import } from "./imports-of.ts";

/** Some files, and what they may import beside the files of their own folder. */
export interface Layer {
  /** A folder, with `/`, or one file. A file belongs to the layer with the longest path that fits. */
  readonly path: string;
  /** Folders, with `/`, and files of ours. */
  readonly ours: readonly string[];
  /** Files of ours whose types may be imported, and nothing else. */
  readonly types: readonly string[];
  /** Modules of Node and of other packages. */
  readonly modules: readonly string[];
}

function layer(path: string, allowed: Partial<Omit<Layer, "path">>): Layer {
  return { path, ours: [], types: [], modules: [], ...allowed };
}

/** A stage of the generator: it may import those before it, types of the runtime, and what both halves share. */
function stage(path: string, earlier: readonly string[], modules: readonly string[] = []): Layer {
  const shared = [columns, filter, dialect];
  return layer(path, { ours: [...earlier, diagnostics, ...shared], types: ["runtime/contract.ts"], modules });
}

/** What every folder of the engine may import: the seam to the databases, and the store as it sees it. */
const seam = ["engine.ts", "store-context.ts", "bind-parameters.ts", "plan-sql.ts", "known-options.ts"];

/** A folder of the algorithm: it may import those before it, and no database. */
function algorithm(path: string, earlier: readonly string[]): Layer {
  const shared = ["runtime/", columns, filter, dialect, ...seam.map((file) => engine + file)];
  return layer(path, { ours: [...shared, ...earlier] });
}

/** The one file of a folder that may import some modules. */
function alone(file: string, within: Layer, ...modules: readonly string[]): Layer {
  return { ...within, path: within.path + file, modules: [...within.modules, ...modules] };
}

const columns = "runtime/columns/";
const filter = "runtime/filter/";
const dialect = "runtime/dialect/";
const engine = "runtime/engine/";
const duckdb = "runtime/duckdb/";
const tables = `${engine}tables/`;
const reading = `${engine}reading/`;
const staging = `${engine}staging/`;
const checkpoint = `${engine}checkpoint/`;
const engineResolve = `${engine}resolve/`;
const failures = `${engine}failures/`;
const writing = `${engine}writing/`;
const increment = `${engine}increment/`;
const progress = `${engine}progress/`;
const processing = `${engine}processing/`;
const migrating = `${engine}migrating/`;
const deleting = `${engine}deleting/`;
const pushing = `${engine}pushing/`;
const tracing = `${engine}tracing/`;
const copying = `${engine}copying/`;
const transaction = `${engine}transaction/`;
const diagnostics = "generator/diagnostics/";
const pipeline = "generator/pipeline/";
const source = "generator/source/";
const parse = "generator/parse/";
const resolve = "generator/resolve/";
const versions = "generator/versions/";
const plan = "generator/plan/";
const emit = "generator/emit/";
const manifest = "generator/manifest/";
const diff = "generator/diff/";
const report = "generator/report/";
const explain = "generator/explain/";
const impact = "generator/impact/";
const scaffold = "generator/scaffold/";
const project = "generator/project/";
const git = "generator/git/";
const cli = "generator/cli/";
const compileProject = "generator/compile-project.ts";

const algorithmFolders = [
  tracing,
  copying,
  transaction,
  pushing,
  deleting,
  migrating,
  processing,
  progress,
  increment,
  writing,
  engineResolve,
  failures,
  checkpoint,
  staging,
  reading,
  tables,
];

const hashing = layer(pipeline, {
  types: ["generator/diagnostics/cli-error.ts", "runtime/contract.ts"],
});
const parsing = stage(parse, [pipeline, source], ["ajv/dist/2020.js", "ajv-formats", "node:module"]);
const storing = layer(duckdb, {
  ours: [
    "runtime/",
    columns,
    filter,
    dialect,
    ...["engine.ts", "feature-store.ts", "open-store.ts", "store-algorithm.ts", "store-warnings.ts"].map(
      (file) => engine + file,
    ),
  ],
  modules: [
    "@duckdb/node-api",
    "@duckdb/node-api/lib/vectors/dataAccessors.js",
    "node:async_hooks",
    "node:os",
    "node:fs/promises",
    "node:path",
    "node:timers/promises",
    "node:zlib",
  ],
});
const process = algorithm(processing, [increment, writing, engineResolve, failures, tables]);
const versioning = stage(versions, [pipeline, source, parse, resolve]);
const emitting = stage(emit, [pipeline, source, parse, resolve, versions, plan]);
const reporting = layer(report, {
  ours: [pipeline, source, parse, manifest, diagnostics, diff, explain, scaffold],
  types: ["runtime/deleting.ts", "runtime/feature.ts", "runtime/migrating.ts"],
  modules: ["yoctocolors"],
});
const compiling = [pipeline, source, parse, resolve, versions, plan, emit, manifest, diagnostics];
const projecting = layer(project, {
  ours: ["runtime/dialect/dialects.ts", ...compiling, compileProject],
  modules: [
    "node:fs",
    "node:fs/promises",
    "node:module",
    "node:path",
    "node:process",
    "node:url",
    "ajv/dist/2020.js",
  ],
});
const simulating = layer(impact, {
  ours: [...compiling, diff, "runtime/", columns, filter, dialect, engine, ...algorithmFolders],
});

const commanding = layer(cli, {
  ours: [
    ...compiling,
    compileProject,
    diff,
    report,
    explain,
    impact,
    scaffold,
    project,
    git,
    "runtime/",
    columns,
    filter,
  ],
  types: ["runtime/engine/engine.ts"],
  modules: ["node:path"],
});

/** The dependency law: who may import what. All else is forbidden. */
export const layers: readonly Layer[] = [
  // The runtime does not import the generator, and DuckDB stays in its folder.
  layer("runtime/", {}),
  layer(columns, { ours: ["runtime/errors.ts"] }),
  layer(filter, { ours: [columns] }),
  layer(dialect, { ours: [columns, filter], types: ["runtime/contract.ts"] }),
  algorithm(engine, algorithmFolders),
  algorithm(`${engine}engine.ts`, []),
  algorithm(tables, []),
  algorithm(reading, [tables]),
  algorithm(staging, [reading, tables]),
  algorithm(checkpoint, [reading, tables]),
  algorithm(failures, [staging, reading, tables]),
  algorithm(engineResolve, [failures, checkpoint, reading, tables]),
  algorithm(writing, [engineResolve, failures, staging, reading, tables]),
  algorithm(increment, [writing, engineResolve, checkpoint, staging, reading, tables]),
  algorithm(progress, [increment, engineResolve, failures, tables]),
  process,
  alone("acknowledged-versions.ts", process, "node:fs/promises"),
  alone("progress-bar.ts", process, "node:process"),
  algorithm(migrating, [writing, engineResolve, checkpoint, tables]),
  algorithm(deleting, [migrating, increment, writing, engineResolve, failures, checkpoint, staging, tables]),
  algorithm(pushing, [tables]),
  algorithm(copying, [writing, tables]),
  algorithm(tracing, [increment, failures, reading, tables]),
  algorithm(transaction, [deleting, increment, writing]),
  storing,

  // Stages are pure: no disk, git, clock, environment or process.
  layer(diagnostics, {
    ours: [filter, columns],
    types: ["generator/source/source-file.ts", "runtime/errors.ts"],
  }),
  hashing,
  alone("sha256.ts", hashing, "node:crypto", "node:module"),
  alone("templates.ts", hashing, "handlebars", "node:module"),
  layer(source, { ours: [pipeline, diagnostics], modules: ["@humanwhocodes/momoa"] }),
  parsing,
  alone("re2-pattern.ts", parsing, "re2js"),
  stage(resolve, [pipeline, source, parse]),
  versioning,
  alone("index.ts", versioning, "canonicalize"),
  stage(plan, [pipeline, source, parse, resolve, versions]),
  emitting,
  alone("assemble-module.ts", emitting, "ts-morph"),
  alone("column-types.ts", emitting, "json-schema-to-typescript"),
  stage(manifest, [pipeline, source, parse, resolve, versions, plan]),
  stage(diff, [pipeline, source, parse, resolve, manifest], ["canonicalize"]),
  stage(explain, [pipeline, source, parse, resolve, versions]),
  reporting,
  alone("display-text.ts", reporting, "get-east-asian-width"),
  layer(compileProject, { ours: compiling, types: ["runtime/contract.ts"] }),
  layer("generator/index.ts", {
    ours: [compileProject, diagnostics, manifest, diff, explain, report],
    types: ["generator/source/source-file.ts", "generator/pipeline/result.ts"],
  }),

  // Around them: the project on disk, git, the simulation against a store, and the command line.
  projecting,
  alone("watch/file-watcher.ts", projecting, "chokidar"),
  layer(scaffold, { ours: [pipeline] }),
  layer(git, {
    ours: [...compiling, compileProject, diff, project],
    modules: ["node:fs/promises", "node:path"],
  }),
  layer("generator/git/run-git.ts", { modules: ["node:child_process"] }),
  simulating,
  commanding,
  alone("main.ts", commanding, "node:process", "node:readline", "yocto-spinner"),
  alone("program.ts", commanding, "commander"),
  alone("command.ts", commanding, "commander"),
  // The one file of the command line that names engines.
  { ...alone("stores.ts", commanding, "node:fs/promises", "node:os"), ours: [...commanding.ours, duckdb] },
  alone("watch-project.ts", commanding, "node:timers/promises", "node:util"),

  // Generated modules import nothing that exists at run time; their index imports them.
  layer("generated/", { types: ["stemma"] }),
];

/** The layer of a file. */
export function layerOf(file: string): Layer | undefined {
  return longest(({ path }) => path === file) ?? folderOf(file);
}

/** What is wrong with an import, as a sentence; nothing if it may stand. */
export function breachOf({ file, line, target, isTypeOnly }: Import): string | undefined {
  const place = `${file}:${line} imports ${target}`;
  const own = layerOf(file);
  if (own === undefined) return `${place}, but no layer of test/architecture/layers.ts has this file`;
  const { ours, types, modules } = own;
  const home = folderOf(file);
  const isBeside = home !== undefined && home === folderOf(target);
  if (isBeside || [...ours, ...modules].some((path) => covers(path, target))) return undefined;
  if (types.includes(target))
    return isTypeOnly ? undefined : `${place}, of which only types may be imported there`;
  const allowed = [...ours, ...types, ...modules].join(", ") || "nothing but itself";
  return `${place}; ${own.path} may import ${allowed}`;
}

function covers(path: string, target: string): boolean {
  return path === target || path === folderOf(target)?.path;
}

/** The folder of the table that a file lies in. */
function folderOf(file: string): Layer | undefined {
  return longest(({ path }) => path.endsWith("/") && file.startsWith(path));
}

function longest(fits: (layer: Layer) => boolean): Layer | undefined {
  return layers.filter(fits).sort((a, b) => b.path.length - a.path.length)[0];
}
