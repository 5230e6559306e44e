import { posix } from "node:path";
import { type Layer, layers } from "../architecture/layers.ts";

/**
 * The text of `biome.json` with the layers as its overrides, one line each, so that editors underline what
 * must not be imported.
 *
 * The linter does not tell types from values. It leaves out generated modules, folders within the folder of a
 * layer, and the command line, which may import anything of ours.
 */
export function withOverrides(biomeJson: string): string {
  const lines = layers
    .filter(({ path }) => path !== "generator/cli/" && path !== "generated/")
    .map((layer) => `    ${JSON.stringify(override(layer))}`);
  const start = biomeJson.indexOf(firstLayer);
  return `${biomeJson.slice(0, start)}${lines.join(",\n")}\n  ]\n}\n`;
}

const firstLayer = '    {"includes":["runtime/*.ts"]';

function override(layer: Layer): unknown {
  const includes = [layer.path.endsWith("/") ? `${layer.path}*.ts` : layer.path];
  const patterns = [{ group: allowedAlone(layer), message: "Forbidden by test/architecture/layers.ts." }];
  const noRestrictedImports = { level: "error", options: { patterns } };
  return { includes, linter: { rules: { style: { noRestrictedImports } } } };
}

/** Patterns in the manner of `.gitignore`: everything is restricted, except what follows. */
function allowedAlone({ path, ours, types, modules }: Layer): string[] {
  const folder = path.endsWith("/") ? path : `${posix.dirname(path)}/`;
  const local = [folder, ...ours, ...types].map((target) => specifierPattern(folder, target));
  return ["**", ...[...local, ...modules].map((pattern) => `!${pattern}`)];
}

/** What imports of a file, or of the files of a folder, look like in another folder. */
function specifierPattern(folder: string, target: string): string {
  const path = posix.relative(folder, target);
  const specifier = path === "" ? "." : path.startsWith(".") ? path : `./${path}`;
  if (!target.endsWith("/")) return specifier;
  const holdsLayers = layers.some(
    ({ path }) => path.endsWith("/") && path !== target && path.startsWith(target),
  );
  return holdsLayers ? `${specifier}/*` : `${specifier}/**`;
}
