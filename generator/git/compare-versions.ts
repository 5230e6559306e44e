import { diffManifests, readSpecDocuments, type SpecDocuments, type VersionDiff } from "../diff/index.ts";
import { buildManifest, type Manifest } from "../manifest/index.ts";
import { ok, type Result } from "../pipeline/result.ts";
import type { OpenedProject } from "../project/open-project.ts";
import { locateSetting } from "../project/settings/index.ts";
import type { Sources } from "../source/source-file.ts";
import type { Base } from "./base.ts";
import { readBase } from "./read-base.ts";
import type { ProcessContext } from "./repository.ts";

/** A base, and the version diff of a project against it. */
export interface Comparison {
  readonly base: Base;
  readonly diff: VersionDiff;
}

/** Compares the versions of a project with those of a base: the named one, else the default. */
export async function compareVersions(
  project: OpenedProject,
  manifest: Manifest,
  against: string | undefined,
  context: ProcessContext,
): Promise<Result<Comparison>> {
  const read = await readBase(project, against, context);
  if (!read.ok) return read;
  return ok(await diffWithBase(read.value, manifest, project));
}

/** Compares a project with a base, whose manifest is compiled from its specs if they can be read. */
export async function diffWithBase(
  recorded: Base,
  manifest: Manifest,
  { sources, files }: OpenedProject,
): Promise<Comparison> {
  const { base, specs: formerSpecs } = await baseFromSpecs(recorded);
  const { manifest: before, origin, isFallback, readHistory } = base;
  // Unchanged versions are not reverts.
  const history = before?.projectVersion === manifest.projectVersion ? [] : await readHistory();
  const [reason] = isFallback ? recorded.warnings : [];
  const diff = diffManifests(before, manifest, readSpecDocuments(sources, manifest), {
    base: origin,
    history,
    ...(formerSpecs === undefined ? {} : { formerSpecs }),
    locateSetting: (setting) => locateSetting(files, setting),
    ...(reason === undefined ? {} : { baseFallback: reason.message }),
  });
  return { base, diff };
}

/** Whether anything changed. */
export function hasMoved({ before, after, causes, features }: VersionDiff): boolean {
  return (
    before?.projectVersion !== after.projectVersion ||
    causes.length > 0 ||
    features.some(({ status }) => status !== "unchanged")
  );
}

/** A base, and its specs if they are known. */
export interface CompiledBase {
  readonly base: Base;
  readonly specs?: SpecDocuments;
}

/**
 * A base whose manifest matches its specs. If the manifest is outdated, the compiled specs replace it, with a warning:
 * otherwise an edit that was committed without generating would count as one of the branch.
 */
async function baseFromSpecs(base: Base): Promise<CompiledBase> {
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
