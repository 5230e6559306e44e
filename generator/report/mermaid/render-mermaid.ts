import type { FeatureDiff, FeatureStatus, VersionDiff } from "../../diff/model/version-diff.ts";
import { type DisplayStatus, displayStatus } from "../display-status.ts";
import { listNames } from "../list-names.ts";
import { mostDirectFirst } from "../most-direct-first.ts";
import { oneLine } from "../one-line.ts";

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
      ...(downstreamByKey.get(feature.key) ?? []).flatMap((other) =>
        arrow(id, ids.get(other.key), other, feature.key),
      ),
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
    for (const key of upstreamOf(feature))
      downstreamByKey.set(key, [...(downstreamByKey.get(key) ?? []), feature]);
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

/** Downwards or to the right. */
type Direction = "TD" | "LR";

/**
 * The direction in which a graph grows longer rather than wider: a page scrolls down, and a graph that is wider than
 * the page is made small.
 */
function directionOf(features: readonly FeatureDiff[]): Direction {
  const sizes = layerSizes(features);
  return Math.max(...sizes) > sizes.length ? "LR" : "TD";
}

/** How many features stand in each layer, where each feature stands below all that it is computed from. */
function layerSizes(features: readonly FeatureDiff[]): number[] {
  const sizes: number[] = [];
  const waiting = new Map(features.map((feature) => [feature.key, feature]));
  while (waiting.size > 0) {
    const layer = [...waiting.values()].filter(
      (feature) => !upstreamOf(feature).some((key) => waiting.has(key)),
    );
    // A key that was given to another feature can close a circle between the two states.
    if (layer.length === 0) break;
    for (const { key } of layer) waiting.delete(key);
    sizes.push(layer.length);
  }
  return sizes;
}

/**
 * A text of others within a quoted label of a mermaid graph: all that could mean something is written by its number.
 * What mermaid looks for after it has read those, icons (`fa:fa-car`) and formulas (`$$`), is parted by a space without
 * width.
 */
function label(value: string, length = 60): string {
  return oneLine(value, length).replaceAll(meaningful, (found) => {
    const written = `#${found.codePointAt(0)};`;
    return found === ":" || found === "$" ? `${written}#8203;` : written;
  });
}

const meaningful = /[^\p{L}\p{N} /.,…→-]/gu;

/** The untouched features directly above and below those that changed by more than their words. */
function neighbours({ features }: VersionDiff): FeatureDiff[] {
  const changed = features.filter(({ status }) => status !== "unchanged" && status !== "metadataOnly");
  const keys = new Set(changed.map(({ key }) => key));
  const upstream = new Set(changed.flatMap(upstreamOf));
  return features.filter(
    (feature) =>
      feature.status === "unchanged" &&
      (upstream.has(feature.key) || upstreamOf(feature).some((key) => keys.has(key))),
  );
}

/** Keys of the features directly above in either state. */
function upstreamOf({ before, after }: FeatureDiff): string[] {
  return [...new Set([...(after?.upstream ?? []), ...(before?.upstream ?? [])])];
}
