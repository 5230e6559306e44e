import type { FeatureDiff, FeatureStatus, VersionDiff } from "../../diff/model/version-diff.ts";
import { listNames } from "../list-names.ts";
import { mostDirectFirst } from "../most-direct-first.ts";
import { type DisplayStatus, displayStatus } from "../display-status.ts";
import { type Direction, directionOf } from "./graph-direction.ts";
import { label } from "./mermaid-text.ts";
import { neighbours, upstreamOf } from "./neighbours.ts";

/** How large a graph may get. */
export interface MermaidOptions {
  /** The most characters; 50,000 if absent, the most that mermaid takes. */
  readonly limit?: number;
  /** The most features; 200 if absent, more than anybody reads. */
  readonly nodes?: number;
}

/**
 * Renders the features that changed, and those next to them, as a mermaid flowchart from upstream to downstream.
 *
 * It stays within what mermaid draws by its own settings, which GitHub keeps. What does not fit is counted in a node,
 * the least direct first.
 *
 * @example
 * ```ts
 * renderMermaid(diff); // flowchart TD …
 * ```
 */
export function renderMermaid(diff: VersionDiff, options: MermaidOptions = {}): string {
  const features = [...mostDirectFirst(diff.features), ...neighbours(diff)];
  if (features.length === 0)
    return `${start("TD")}  n0["Nothing changed"]:::unchanged\n${styleOf("unchanged")}`;

  const drawn = draw(features, diff, options);
  const omitted = features.length - drawn.length;
  const drawnStatuses = new Set(features.slice(0, drawn.length).map(({ status }) => status));
  return [
    start(directionOf(features.slice(0, drawn.length))),
    ...drawn,
    ...(omitted > 0 ? [omittedNode(omitted)] : []),
    ...[...drawnStatuses].map(styleOf),
  ].join("");
}

/** The lines of as many features as may be drawn, each with its arrows to those before it. */
function draw(
  features: readonly FeatureDiff[],
  diff: VersionDiff,
  { limit = 50_000, nodes = 200 }: MermaidOptions,
): readonly string[] {
  const downstreamByKey = downstreamOf(features);
  const ids = new Map<string, string>();
  const drawn: string[] = [];
  let remaining = limit - frameLength;
  let arrowsLeft = maxArrows;
  for (const feature of features.slice(0, nodes)) {
    const id = `n${ids.size}`;
    ids.set(feature.key, id);
    const arrows = [
      ...upstreamOf(feature).flatMap((key) => arrow(ids.get(key), id, feature, key)),
      ...(downstreamByKey.get(feature.key) ?? []).flatMap((other) => arrow(id, ids.get(other.key), other, feature.key)),
    ];
    const text = [
      `  ${id}["${labelOf(feature, displayStatus(feature, diff))}"]:::${feature.status}\n`,
      ...arrows,
    ].join("");
    remaining -= text.length;
    arrowsLeft -= arrows.length;
    if (remaining < 0 || arrowsLeft < 0) break;
    drawn.push(text);
  }
  return drawn;
}

function downstreamOf(features: readonly FeatureDiff[]): ReadonlyMap<string, readonly FeatureDiff[]> {
  const downstreamByKey = new Map<string, FeatureDiff[]>();
  for (const feature of features) {
    for (const key of upstreamOf(feature)) downstreamByKey.set(key, [...(downstreamByKey.get(key) ?? []), feature]);
  }
  return downstreamByKey;
}

/** Dotted where the dep is gone, or the feature with it. */
function arrow(
  from: string | undefined,
  to: string | undefined,
  downstream: FeatureDiff,
  upstream: string,
): string[] {
  if (from === undefined || to === undefined) return [];
  const exists = downstream.after?.upstream.includes(upstream) === true;
  return [`  ${from} ${exists ? "-->" : "-.->"} ${to}\n`];
}

function labelOf({ key, fields }: FeatureDiff, status: DisplayStatus): string {
  const moved = fields.filter((field) => field.status !== "unchanged").map((field) => field.key);
  const hasNoFieldList = status === "added" || status === "removed" || moved.length === 0;
  const names = hasNoFieldList
    ? ""
    : `: ${label(
        listNames(moved, (name) => name, 4),
        80,
      )}`;
  return `${label(key)}<br>${statusLabels[status]}${names}`;
}

const statusLabels: Readonly<Record<DisplayStatus, string>> = {
  direct: "changed",
  indirect: "indirect",
  projectWide: "project-wide change",
  unexplained: "changed without a spec edit",
  added: "added",
  removed: "removed",
  metadataOnly: "metadata only",
  unchanged: "unchanged",
};

function start(direction: Direction): string {
  return `flowchart ${direction}\n`;
}

/** Mermaid draws no graph with more. */
const maxArrows = 500;

function omittedNode(count: number): string {
  return `  more["… and ${count} more"]:::unchanged\n${styleOf("unchanged")}`;
}

/** Every fill comes with the colour of its text: both have to be read on a light page and on a dark one. */
function styleOf(status: FeatureStatus): string {
  return `  classDef ${status} ${styles[status]}\n`;
}

const styles: Readonly<Record<FeatureStatus, string>> = {
  direct: "fill:#fff3c4,stroke:#bf8700,stroke-width:3px,color:#1f2328",
  indirect: "fill:#ddf4ff,stroke:#0969da,color:#1f2328",
  added: "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
  removed: "fill:#ffebe9,stroke:#cf222e,stroke-dasharray:6 4,color:#1f2328",
  metadataOnly: "fill:#f6f8fa,stroke:#818b98,color:#59636e",
  unchanged: "fill:#f6f8fa,stroke:#d1d9e0,color:#59636e",
};

const frameLength =
  [start("TD"), ...Object.keys(styles).map((status) => styleOf(status as FeatureStatus))].join("").length +
  omittedNode(Number.MAX_SAFE_INTEGER).length;
