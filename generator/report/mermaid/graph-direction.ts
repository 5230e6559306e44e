import type { FeatureDiff } from "../../diff/model/version-diff.ts";
import { upstreamOf } from "./neighbours.ts";

/** Downwards or to the right. */
export type Direction = "TD" | "LR";

/**
 * The direction in which a graph grows longer rather than wider: a page scrolls down, and a graph that is wider than
 * the page is made small.
 */
export function directionOf(features: readonly FeatureDiff[]): Direction {
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
