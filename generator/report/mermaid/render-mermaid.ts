import type { FeatureDiff, VersionDiff } from "../../diff/index.ts";
import {
  type DisplayStatus,
  displayStatus,
  displayStatuses,
  mostDirectFirst,
  statusDisplays,
} from "../display-status.ts";
import { oneLine } from "../display-text.ts";
import { listNames } from "../names.ts";

/** The limits of a graph. */
export interface MermaidOptions {
  /** The most characters; 50,000 if absent, the most that mermaid accepts. */
  readonly limit?: number;
  /** The most features; 200 if absent. */
  readonly nodes?: number;
}

/**
 * Renders the changed features and their neighbours as a mermaid flowchart from upstream to downstream.
 *
 * The graph stays within the default limits of mermaid, which GitHub keeps. Features that do not fit are counted in a
 * node, the least direct first.
 *
 * @example
 * ```ts
 * renderMermaid(diff); // "flowchart TD\n  n0[…"
 * ```
 */
export function renderMermaid(diff: VersionDiff, options: MermaidOptions = {}): string {
  const features = [...mostDirectFirst(diff.features), ...findNeighbours(diff)];
  if (features.length === 0) {
    return `${start("TD")}  n0["Nothing changed"]:::unchanged\n${classOf("unchanged")}`;
  }
  const lines = drawFeatures(features, diff, options);
  const drawn = features.slice(0, lines.length);
  const omitted = features.length - drawn.length;
  const classes = new Set<DisplayStatus>(drawn.map(({ status }) => status));
  if (omitted > 0) classes.add("unchanged");
  return [
    start(directionOf(drawn)),
    ...lines,
    ...(omitted > 0 ? [omittedNode(omitted)] : []),
    ...[...classes].map(classOf),
  ].join("");
}

/** The lines of each feature that fits, with its arrows to those before it. */
function drawFeatures(
  features: readonly FeatureDiff[],
  diff: VersionDiff,
  { limit = 50_000, nodes = 200 }: MermaidOptions,
): readonly string[] {
  const downstream = downstreamByKey(features);
  const ids = new Map<string, string>();
  const lines: string[] = [];
  let charactersLeft = limit - frameLength;
  let arrowsLeft = maxArrows;
  for (const feature of features.slice(0, nodes)) {
    const id = `n${ids.size}`;
    ids.set(feature.key, id);
    const arrows = [
      ...upstreamOf(feature).flatMap((key) => arrow(ids.get(key), id, feature, key)),
      ...(downstream.get(feature.key) ?? []).flatMap((other) =>
        arrow(id, ids.get(other.key), other, feature.key),
      ),
    ];
    const node = `  ${id}["${labelOf(feature, displayStatus(feature, diff))}"]:::${feature.status}\n`;
    const text = node + arrows.join("");
    charactersLeft -= text.length;
    arrowsLeft -= arrows.length;
    if (charactersLeft < 0 || arrowsLeft < 0) break;
    lines.push(text);
  }
  return lines;
}

/** The most arrows that mermaid draws. */
const maxArrows = 500;

function downstreamByKey(features: readonly FeatureDiff[]): ReadonlyMap<string, readonly FeatureDiff[]> {
  const downstream = new Map<string, FeatureDiff[]>();
  for (const feature of features) {
    for (const key of upstreamOf(feature)) downstream.set(key, [...(downstream.get(key) ?? []), feature]);
  }
  return downstream;
}

/** Dotted where the dep or its feature was removed. */
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
  const isWhole = status === "added" || status === "removed" || moved.length === 0;
  const names = isWhole ? "" : `: ${escapeLabel(listNames(moved, String, 4), 80)}`;
  return `${escapeLabel(key)}<br>${statusDisplays[status].label}${names}`;
}

function start(direction: Direction): string {
  return `flowchart ${direction}\n`;
}

function omittedNode(count: number): string {
  return `  more["… and ${count} more"]:::unchanged\n`;
}

function classOf(status: DisplayStatus): string {
  return `  classDef ${status} ${statusDisplays[status].graphStyle}\n`;
}

const frameLength = [start("TD"), ...displayStatuses.map(classOf), omittedNode(Number.MAX_SAFE_INTEGER)].join(
  "",
).length;

/** Top down or left to right. */
type Direction = "TD" | "LR";

/** The direction in which the graph is longer than wide: a page scrolls down, and a wider graph is scaled down. */
function directionOf(features: readonly FeatureDiff[]): Direction {
  const sizes = layerSizes(features);
  return Math.max(...sizes) > sizes.length ? "LR" : "TD";
}

/** The number of features in each layer; each feature is in a layer below all its upstream features. */
function layerSizes(features: readonly FeatureDiff[]): number[] {
  const sizes: number[] = [];
  const remaining = new Map(features.map((feature) => [feature.key, feature]));
  while (remaining.size > 0) {
    const layer = [...remaining.values()].filter(
      (feature) => !upstreamOf(feature).some((key) => remaining.has(key)),
    );
    // A key that moved to another feature can make a cycle between the two states.
    if (layer.length === 0) break;
    for (const { key } of layer) remaining.delete(key);
    sizes.push(layer.length);
  }
  return sizes;
}

/**
 * A text in a quoted label: every character with a meaning is written as a character reference. Icons (`fa:fa-car`) and
 * formulas (`$$`), which mermaid detects after it decodes those, are split by a zero-width space.
 */
function escapeLabel(value: string, length = 60): string {
  return oneLine(value, length).replaceAll(meaningful, (found) => {
    const reference = `#${found.codePointAt(0)};`;
    return found === ":" || found === "$" ? `${reference}#8203;` : reference;
  });
}

const meaningful = /[^\p{L}\p{N} /.,…→-]/gu;

/** The unchanged features directly upstream and downstream of changed ones. */
function findNeighbours({ features }: VersionDiff): FeatureDiff[] {
  const changed = features.filter(({ status }) => status !== "unchanged" && status !== "metadataOnly");
  const keys = new Set(changed.map(({ key }) => key));
  const upstream = new Set(changed.flatMap(upstreamOf));
  return features.filter(
    (feature) =>
      feature.status === "unchanged" &&
      (upstream.has(feature.key) || upstreamOf(feature).some((key) => keys.has(key))),
  );
}

/** Keys of the direct upstream features in either state. */
function upstreamOf({ before, after }: FeatureDiff): string[] {
  return [...new Set([...(after?.upstream ?? []), ...(before?.upstream ?? [])])];
}
