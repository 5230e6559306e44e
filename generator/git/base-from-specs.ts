import { readSpecDocuments, type SpecDocuments } from "../diff/index.ts";
import { buildManifest, type Manifest } from "../manifest/index.ts";
import type { Sources } from "../source/source-file.ts";
import type { Base } from "./base.ts";

/** A base, and the specs that it was compiled from where they are known. */
export interface CompiledBase {
  readonly base: Base;
  readonly specs?: SpecDocuments;
}

/**
 * A base as its specs say. Where its manifest is behind them, what they compile to takes its place, and a warning says
 * so: else an edit that somebody committed without generating would pass for one of the branch.
 */
export async function baseFromSpecs(base: Base): Promise<CompiledBase> {
  const { manifest: recorded } = base;
  if (recorded === undefined) return { base };
  const read = await base.readSpecs();
  if (read === undefined || Object.keys(read.sources).length === 0) return { base };
  const { sources, config } = read;
  const cached = compiled.get(sources) ?? compile(sources, config, recorded);
  compiled.set(sources, cached);
  const manifest = await cached;
  if (manifest === undefined) return { base };
  const specs = readSpecDocuments(sources, manifest);
  if (manifest.projectVersion === recorded.projectVersion) return { base, specs };
  const location = base.origin.mergeBase ?? base.origin.ref ?? "the base";
  const warning = {
    message: `${config.generated}/versions.json at ${location} is behind its specs: compared with what they compile to.`,
    hint: "Run `stemma generate` there, and commit what it writes.",
  };
  return { base: { ...base, manifest, warnings: [...base.warnings, warning] }, specs };
}

/** While a project is watched, its base mostly stays. */
const compiled = new WeakMap<Sources, Promise<Manifest | undefined>>();

/** What specs compile to; nothing where they have errors, or another tool wrote what is recorded of them. */
async function compile(
  sources: Sources,
  config: { readonly schemas: string; readonly project: string },
  { hashLength, project }: Manifest,
): Promise<Manifest | undefined> {
  const { compileModel } = await import("../compile-project.ts");
  const { project: model, versions } = compileModel(sources, { ...config, hashLength });
  return model && versions && buildManifest(model, versions, { project, hashLength });
}
