import { readSpecDocuments, type SpecDocuments } from "../diff/index.ts";
import { buildManifest, type Manifest } from "../manifest/index.ts";
import type { Sources } from "../source/source-file.ts";
import type { Base } from "./base.ts";

/** A base, and its specs if they are known. */
export interface CompiledBase {
  readonly base: Base;
  readonly specs?: SpecDocuments;
}

/**
 * A base whose manifest matches its specs. If the manifest is outdated, the compiled specs replace it, with a warning:
 * otherwise an edit that was committed without generating would count as one of the branch.
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
    message: `${config.generated}/versions.json at ${location} is outdated: compared with what its specs compile to.`,
    hint: "Run `stemma generate` there, and commit what it writes.",
  };
  return { base: { ...base, manifest, warnings: [...base.warnings, warning] }, specs };
}

/** The base rarely changes while a project is watched. */
const compiled = new WeakMap<Sources, Promise<Manifest | undefined>>();

/** The manifest of specs; undefined if they have errors. */
async function compile(
  sources: Sources,
  config: { readonly schemas: string; readonly project: string },
  { hashLength, project }: Manifest,
): Promise<Manifest | undefined> {
  const { compileModel } = await import("../compile-project.ts");
  const { project: model, versions } = compileModel(sources, { ...config, hashLength });
  return model && versions && buildManifest(model, versions, { project, hashLength });
}
