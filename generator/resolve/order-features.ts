import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { compareKeys } from "../source/compare-text.ts";
import type { LinkedFeature } from "./linked-feature.ts";

/** Features in an order in which upstream comes before downstream, and the cycles that forbid one. */
export interface FeatureOrder<Feature> {
  readonly ordered: readonly Feature[];
  /** Each cycle from its smallest key on, in the direction of the deps, without coming back to the start. */
  readonly cycles: readonly (readonly Feature[])[];
}

/** A feature on the stack, with the upstream features that are still to be gone into, the next one last. */
interface StackFrame<Feature> {
  readonly feature: Feature;
  readonly upstream: Feature[];
}

/**
 * Orders features: in the order of keys, each preceded by the upstream features that it needs.
 *
 * A depth-first search with a stack of its own, since chains may be longer than the call stack. An edge back onto the
 * stack closes a cycle; every cycle of the graph has such an edge.
 */
export function orderFeatures<Feature extends LinkedFeature>(
  features: readonly Feature[],
): FeatureOrder<Feature> {
  const byKey = new Map(features.map((feature) => [feature.spec.key, feature]));
  const ordered: Feature[] = [];
  const cycles: Feature[][] = [];
  const depths = new Map<Feature, number>();
  const stack: StackFrame<Feature>[] = [];

  const enter = (feature: Feature) => {
    depths.set(feature, stack.length);
    const upstream = feature.deps.flatMap((dep) => byKey.get(dep.upstream.key) ?? []);
    stack.push({ feature, upstream: upstream.sort(compareFeatures).reverse() });
  };
  const leave = (feature: Feature) => {
    stack.pop();
    depths.set(feature, offStack);
    ordered.push(feature);
  };
  for (const start of [...byKey.values()].sort(compareFeatures)) {
    if (!depths.has(start)) enter(start);
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const next = frame.upstream.pop();
      const depth = next === undefined ? undefined : depths.get(next);
      if (next === undefined) leave(frame.feature);
      else if (depth === undefined) enter(next);
      else if (depth !== offStack && cycles.length < maxCycles) {
        cycles.push(rotateToSmallest(stack.slice(depth).map(({ feature }) => feature)));
      }
    }
  }
  return { ordered, cycles };
}

const offStack = -1;

/** A tangle of features has more cycles than anyone would read, or memory would hold. */
const maxCycles = 1000;

/** Says the whole path of a cycle, at the dep by which its first feature enters it. */
export function cycleDiagnostic(cycle: readonly LinkedFeature[]): Diagnostic {
  const [first, second = first] = cycle;
  const dep = first?.deps.find(({ upstream }) => upstream === second?.spec);
  if (first === undefined || dep === undefined) throw new Error("A cycle without a dep");
  const path = [...cycle, first].map((feature) => feature.spec.key);
  return createDiagnostic("dep-cycle", first.spec.document.locate(dep.parsed.featurePath), { path });
}

function rotateToSmallest<Feature extends LinkedFeature>(cycle: readonly Feature[]): Feature[] {
  const start = cycle.reduce((least, feature, index) => {
    const smallest = cycle[least];
    return smallest !== undefined && compareFeatures(feature, smallest) < 0 ? index : least;
  }, 0);
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}

function compareFeatures(a: LinkedFeature, b: LinkedFeature): number {
  return compareKeys(a.spec.key, b.spec.key);
}
