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

/** A stage of the generator: it may import those before it, types of the runtime, and what both halves do alike. */
function stage(path: string, earlier: readonly string[], modules: readonly string[] = []): Layer {
  const shared = [
    "runtime/checks/",
    "runtime/filter/",
    "runtime/column-type.ts",
    "runtime/sql-text.ts",
    "runtime/table-name.ts",
  ];
  return layer(path, { ours: [...earlier, diagnostics, ...shared], types: ["runtime/contract.ts"], modules });
}

/** The one file of a folder that may import some modules. */
function alone(file: string, within: Layer, ...modules: readonly string[]): Layer {
  return { ...within, path: within.path + file, modules: [...within.modules, ...modules] };
}

const diagnostics = "generator/diagnostics/";
const hash = "generator/sha256.ts";
const template = "generator/template.ts";
const cache = "generator/cache/";
const source = "generator/source/";
const parse = "generator/parse/";
const resolve = "generator/resolve/";
const versions = "generator/versions/";
const plan = "generator/plan/";
const emit = "generator/emit/";
const manifest = "generator/manifest/";
const diff = "generator/diff/";
const explain = "generator/explain/";
const init = "generator/init/";
const compileProject = "generator/compile-project.ts";

const caching = layer(cache, { ours: [hash] });
const parsing = stage(parse, [cache, source], ["ajv/dist/2020.js", "ajv-formats"]);
const storing = layer("runtime/duckdb/", {
  ours: ["runtime/", "runtime/checks/", "runtime/filter/"],
  modules: ["@duckdb/node-api", "node:fs/promises", "node:path", "node:timers/promises"],
});
const versioning = stage(versions, [hash, source, parse, resolve]);
const planning = stage(plan, [template, source, parse, resolve, versions]);
const emitting = stage(emit, [cache, source, parse, resolve, versions, plan]);
const diffing = stage(
  diff,
  [hash, template, source, parse, resolve, manifest, "runtime/column-transition.ts"],
  ["canonicalize", "yoctocolors"],
);
const settings = layer("generator/config/", {
  ours: [source, diagnostics],
  types: [compileProject],
  modules: ["ajv/dist/2020.js"],
});
const writing = layer("generator/output/", {
  ours: [hash, cache, source, diagnostics],
  types: [compileProject],
  modules: ["node:fs", "node:path"],
});
const compiling = [cache, source, parse, resolve, versions, plan, emit, manifest, diagnostics];

/** The dependency law: who may import what. All else is forbidden. */
export const layers: readonly Layer[] = [
  // The runtime knows nothing of the generator, and DuckDB stays in its folder.
  layer("runtime/", {}),
  layer("runtime/checks/", { ours: ["runtime/sql-text.ts"], types: ["runtime/contract.ts"] }),
  layer("runtime/filter/", { ours: ["runtime/column-type.ts", "runtime/sql-text.ts"] }),
  storing,
  alone("rehearsal/spill-folder.ts", storing, "node:os"),

  // Stages are pure: no disk, git, clock, environment or process.
  layer(diagnostics, {
    ours: ["generator/source/text-lines.ts", "runtime/filter/"],
    types: ["generator/source/source-file.ts"],
    modules: ["yoctocolors"],
  }),
  layer(hash, { modules: ["node:crypto", "node:module"] }),
  layer(template, { modules: ["handlebars", "node:module"] }),
  caching,
  layer(source, { ours: [cache, diagnostics], modules: ["@humanwhocodes/momoa"] }),
  parsing,
  alone("meta-schema.ts", parsing, "node:module"),
  stage(resolve, [cache, source, parse]),
  versioning,
  alone("canonical-definition.ts", versioning, "canonicalize"),
  planning,
  emitting,
  alone("assemble-module.ts", emitting, "ts-morph"),
  alone("column-types.ts", emitting, "json-schema-to-typescript"),
  stage(manifest, [cache, source, parse, resolve, versions, plan]),
  diffing,
  stage(explain, [source, parse, resolve, versions]),
  layer(compileProject, { ours: compiling }),
  layer("generator/index.ts", {
    ours: [compileProject, diagnostics, manifest, diff, explain],
    types: ["generator/source/source-file.ts"],
  }),

  // Around them: settings, the disk, and the command line, which may import anything of ours.
  settings,
  alone("check-settings.ts", settings, "node:module"),
  writing,
  alone("disk-cache.ts", writing, "node:process"),
  layer(init, {}),
  layer("generator/cli/", {
    ours: [
      ...compiling,
      diff,
      explain,
      init,
      compileProject,
      settings.path,
      "generator/output/",
      "runtime/",
      "runtime/filter/",
      "runtime/duckdb/",
    ],
    modules: [
      "commander",
      "yocto-spinner",
      "yoctocolors",
      "node:fs",
      "node:fs/promises",
      "node:module",
      "node:path",
      "node:process",
      "node:readline",
      "node:timers/promises",
      "node:url",
      "node:util",
    ],
  }),

  // One file runs git, and knows nothing else.
  layer("generator/cli/base/run-git.ts", { modules: ["node:child_process"] }),

  // Generated modules import nothing that is there at run time; their index imports them.
  layer("generated/", { types: ["stemma"] }),
];

/** The layer of a file. */
export function layerOf(file: string): Layer | undefined {
  return longest(({ path }) => path === file) ?? folderOf(file);
}

/** What is wrong with an import, as a sentence; nothing if it may stand. */
export function breachOf({ file, line, target, isTypeOnly }: Import): string | undefined {
  const importText = `${file}:${line} imports ${target}`;
  const own = layerOf(file);
  if (own === undefined) return `${importText}, but no layer of test/architecture/layers.ts has this file`;
  const { ours, types, modules } = own;
  const home = folderOf(file);
  const isSibling = home !== undefined && home === folderOf(target);
  if (isSibling || [...ours, ...modules].some((path) => covers(path, target))) return undefined;
  if (types.includes(target))
    return isTypeOnly ? undefined : `${importText}, of which only types may be imported there`;
  const allowed = [...ours, ...types, ...modules].join(", ") || "nothing but itself";
  return `${importText}; ${own.path} may import ${allowed}`;
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
