import { readFile } from "node:fs/promises";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";

/**
 * Whether the current version of a feature is acknowledged: it is in a list, or a file names it for the feature.
 *
 * @param given The versions, or the path of a JSON file: an object of feature keys and versions.
 */
export async function isAcknowledged(
  { key, featureVersion }: AnyFeature,
  given: string | readonly string[] | undefined,
): Promise<boolean> {
  if (given === undefined) return false;
  if (typeof given !== "string") return assertVersions(given).includes(featureVersion);
  return (await readVersions(given))[key] === featureVersion;
}

function assertVersions(versions: unknown): readonly unknown[] {
  if (Array.isArray(versions) && versions.every((version) => typeof version === "string")) return versions;
  throw new InputError(
    "wrong-type",
    "acknowledged is a list of feature versions, or the path of a JSON file of them.",
    {},
  );
}

async function readVersions(path: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new InputError(
      "acknowledgements",
      `acknowledged names ${path}, which can't be read. It is the path of a JSON file; versions themselves are passed as a list.`,
      { path },
      error,
    );
  }
  const versions = parse(text);
  if (versions !== undefined && Object.values(versions).every((version) => typeof version === "string"))
    return versions;
  throw new InputError(
    "acknowledgements",
    `${path} holds no acknowledged versions: it is a JSON object of feature keys and feature versions, such as { "video/faces": "83e29b…" }.`,
    { path },
  );
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
