import { fail, ok, type Result } from "../pipeline/result.ts";
import { type Manifest, manifestVersion } from "./manifest.ts";

export { buildManifest, type ManifestOptions } from "./build-manifest.ts";
export {
  type Manifest,
  type ManifestColumn,
  type ManifestColumnDetails,
  type ManifestDep,
  type ManifestFeature,
  type ManifestField,
  type ManifestFieldDep,
  manifestVersion,
} from "./manifest.ts";
export { printManifest } from "./print-manifest.ts";

/** Why a text is not a manifest that this version reads: another file, half merged, edited by hand, or of another version. */
export interface ManifestError {
  /** What is wrong, as words in a sentence. */
  readonly message: string;
  /** The tool that wrote it, if that is the reason. */
  readonly writtenBy?: "newer tool" | "older tool";
}

/** Parses what {@link printManifest} prints. Never throws, whatever the text. */
export function parseManifest(text: string): Result<Manifest, ManifestError> {
  if (/^(<<<<<<<|>>>>>>>) /m.test(text)) return fail({ message: "it holds an unresolved merge conflict" });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail({ message: `it is not JSON (${error instanceof Error ? error.message : String(error)})` });
  }
  if (!isRecord(value) || !("manifestVersion" in value))
    return fail({ message: 'it has no "manifestVersion"' });
  const { manifestVersion: version } = value;
  if (version !== manifestVersion) {
    const message = `its manifestVersion is ${JSON.stringify(version)}, and this version of stemma reads ${manifestVersion}`;
    if (!Number.isInteger(version)) return fail({ message });
    return fail({ message, writtenBy: Number(version) > manifestVersion ? "newer tool" : "older tool" });
  }
  const mismatch = findMismatch(value);
  if (mismatch !== undefined) return fail({ message: `${mismatch} is missing or of the wrong type` });
  return ok(value as unknown as Manifest);
}

type Check = (value: unknown) => boolean;
type JsonRecord = Readonly<Record<string, unknown>>;

const isString: Check = (value) => typeof value === "string";
const isStringArray: Check = (value) => Array.isArray(value) && value.every(isString);
const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isRecordOf =
  (check: Check): Check =>
  (value) =>
    isRecord(value) && Object.values(value).every(check);
const hasShape =
  (shape: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && firstMismatch(value, shape) === undefined;

const projectShape = {
  project: isString,
  hashLength: Number.isInteger,
  projectVersion: isString,
  features: isRecord,
} satisfies Record<string, Check>;

const isOptionalNames: Check = (value) => value === undefined || isRecordOf(isString)(value);

const renamedShape = {
  feature: (value) => value === undefined || isString(value),
  fields: isOptionalNames,
  columns: isOptionalNames,
} satisfies Record<string, Check>;

const featureShape = {
  name: isString,
  spec: isString,
  module: isString,
  featureVersion: isString,
  codeVersion: isString,
  definitionVersion: isString,
  idColumns: isStringArray,
  renamedFrom: (value) => value === undefined || hasShape(renamedShape)(value),
  deps: (value) => Array.isArray(value) && value.every(hasShape({ feature: isString, lineage: isRecord })),
  fields: isRecordOf(hasShape({ version: isString, codeVersion: isString, parents: isStringArray })),
  columns: isRecordOf((value) => isString(value) || hasShape({ type: isString })(value)),
} satisfies Record<string, Check>;

/** Path of the first part that lacks the shape of a manifest. */
function findMismatch(manifest: JsonRecord): string | undefined {
  const mismatch = firstMismatch(manifest, projectShape);
  if (mismatch !== undefined) return mismatch;
  for (const [key, feature] of Object.entries(manifest["features"] as JsonRecord)) {
    if (!isRecord(feature)) return `features["${key}"]`;
    const part = firstMismatch(feature, featureShape);
    if (part !== undefined) return `features["${key}"].${part}`;
  }
  return undefined;
}

function firstMismatch(value: JsonRecord, shape: Readonly<Record<string, Check>>): string | undefined {
  return Object.keys(shape).find((name) => shape[name]?.(value[name]) !== true);
}
