import canonicalize from "canonicalize";
import type { ManifestFeature } from "../manifest/manifest.ts";
import type { ProjectPair } from "./project-pair.ts";

/**
 * The features that came or went, each with the one that went or came and is the same but for its key. Where several
 * are the same, none can be told from the others, and they are left out.
 */
export function findRenames({ features }: ProjectPair): ReadonlyMap<string, string> {
  const isGone = [...features.values()].some(({ after }) => after === undefined);
  if (!isGone) return new Map();
  const groups = new Map<string, { readonly came: string[]; readonly gone: string[] }>();
  for (const { key, before, after } of features.values()) {
    const only = before === undefined ? after : after === undefined ? before : undefined;
    if (only === undefined) continue;
    const content = contentOf(only);
    const group = groups.get(content) ?? { came: [], gone: [] };
    groups.set(content, group);
    (before === undefined ? group.came : group.gone).push(key);
  }
  const renames = new Map<string, string>();
  for (const { came, gone } of groups.values()) {
    const [to, from] = [came[0], gone[0]];
    if (to === undefined || from === undefined || came.length + gone.length > 2) continue;
    renames.set(to, from).set(from, to);
  }
  return renames;
}

/** What a feature is, without what follows from its key. */
function contentOf({ idColumns, deps, columns, fields }: ManifestFeature): string {
  const withoutVersions = Object.entries(fields).map(([key, { version: _, ...field }]) => [key, field]);
  return canonicalize({ idColumns, deps, columns, fields: Object.fromEntries(withoutVersions) }) ?? "";
}
