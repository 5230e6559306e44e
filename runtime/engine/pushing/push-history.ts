import { formatTimestamp } from "../../columns/values/time-text.ts";
import { InputError } from "../../errors.ts";
import type { HistoryOptions, Push } from "../../pushing.ts";
import { assertKnownOptions } from "../known-options.ts";
import type { StoreContext } from "../store-context.ts";
import { compareFeatures, type PushedProject, readPushes } from "./pushed-features.ts";

/** The latest pushes, latest first, each compared with the one before of its project. */
export async function pushHistory(store: StoreContext, options: HistoryOptions): Promise<Push[]> {
  assertKnownOptions("history", options, ["project", "feature", "limit"]);
  const { project, feature, limit = 20 } = options;
  if (!Number.isInteger(limit) || limit < 1) {
    throw new InputError("wrong-type", `history takes a limit of at least 1, not ${limit}.`, { limit });
  }
  const session = await store.connect({ hashLength: 64 });
  try {
    // Which pushes changed a feature is known once they are compared.
    const latest = feature === undefined ? { latest: limit } : {};
    const pushes = await session.exclusive(() => readPushes(session, { project, feature, ...latest }));
    const compared = pushes.map((push, index) => describe(push, pushes.slice(index + 1)));
    return compared.filter((push) => feature === undefined || hasChanges(push)).slice(0, limit);
  } finally {
    await session.close();
  }
}

function describe(push: PushedProject, earlier: readonly PushedProject[]): Push {
  const before = earlier.find(({ project }) => project === push.project);
  return {
    project: push.project,
    projectVersion: push.projectVersion,
    at: formatTimestamp(push.at),
    tags: readTags(push.tags),
    features: push.features,
    ...compareFeatures(before?.versions ?? new Map(), push.versions),
  };
}

function hasChanges({ added, changed, metadataOnly, removed }: Push): boolean {
  return [added, changed, metadataOnly, removed].some((keys) => keys.length > 0);
}

/** Tags of another program that are no object are no tags. */
function readTags(text: string): Readonly<Record<string, string>> {
  try {
    const tags: unknown = JSON.parse(text);
    if (typeof tags !== "object" || tags === null || Array.isArray(tags)) return {};
    return Object.fromEntries(
      Object.entries(tags).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
  } catch {
    return {};
  }
}
