import type { VersionDiff } from "../diff/model/version-diff.ts";

/** Renders a diff as JSON, in the form that the published schema `stemma/diff.schema.json` describes. */
export function renderDiffJson(diff: VersionDiff): string {
  return `${JSON.stringify(diff, undefined, 2)}\n`;
}
