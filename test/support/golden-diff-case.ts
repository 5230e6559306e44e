import { existsSync, readdirSync, readFileSync } from "node:fs";
import { compileModel } from "../../generator/compile-project.ts";
import {
  diffManifests,
  type HistoryEntry,
  readSpecDocuments,
  type VersionDiff,
} from "../../generator/diff/index.ts";
import { buildManifest, type Manifest, parseManifest } from "../../generator/manifest/index.ts";
import type { Sources } from "../../generator/source/source-file.ts";

/** What a golden case sets beside the specs of its states. */
interface CaseOptions {
  readonly hashLength?: number;
  readonly before?: { readonly hashLength: number };
  readonly after?: { readonly hashLength: number };
}

/** The diff of a golden case: its states are the folders `before`, `after` and `past/<ref>`, latest first. */
export function diffOfCase(folder: string): VersionDiff {
  const { hashLength = 64, ...states }: CaseOptions = readOptions(`${folder}options.json`);
  const compiled = (state: string, length = hashLength): Manifest | undefined =>
    existsSync(`${folder}${state}/schemas`) ? compile(readSpecs(`${folder}${state}/`), length) : undefined;

  const before = recorded(`${folder}before/versions.json`) ?? compiled("before", states.before?.hashLength);
  const after = compiled("after", states.after?.hashLength);
  if (after === undefined) throw new Error(`${folder} has no state after`);
  const history = namesIn(`${folder}past`).flatMap((ref): HistoryEntry[] => {
    const manifest = compiled(`past/${ref}`);
    return manifest === undefined ? [] : [{ ref, manifest }];
  });
  const specs = readSpecDocuments(readSpecs(`${folder}after/`), after);
  const hasSpecs = before !== undefined && existsSync(`${folder}before/schemas`);
  return diffManifests(before, after, specs, {
    base: { ref: "main" },
    history,
    ...(hasSpecs ? { formerSpecs: readSpecDocuments(readSpecs(`${folder}before/`), before) } : {}),
  });
}

/** Compiles specs to a manifest; throws with all diagnostics where there are errors. */
export function compile(sources: Sources, hashLength: number): Manifest {
  const { project, versions, diagnostics } = compileModel(sources, { hashLength, schemas: "schemas" });
  if (project === undefined || versions === undefined) {
    throw new Error(diagnostics.map((d) => `${d.file}:${d.line}:${d.column} ${d.message}`).join("\n"));
  }
  return buildManifest(project, versions, { project: "golden", hashLength });
}

function readSpecs(state: string): Sources {
  const files = readdirSync(`${state}schemas`, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    files
      .filter((file) => file.endsWith(".json"))
      .map((file) => [`schemas/${file}`, readFileSync(`${state}schemas/${file}`, "utf8")]),
  );
}

function recorded(file: string): Manifest | undefined {
  if (!existsSync(file)) return undefined;
  const reading = parseManifest(readFileSync(file, "utf8"));
  if (!reading.ok) throw new Error(`${file}: ${reading.errors[0].message}`);
  return reading.value;
}

function readOptions(file: string): CaseOptions {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as CaseOptions) : {};
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
}
