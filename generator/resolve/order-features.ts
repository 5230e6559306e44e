import { type Diagnostic, report } from "../diagnostics/diagnostic.ts";
import { compareKeys } from "../source/compare-text.ts";
import type { LinkedFeature } from "./linked-feature.ts";

/** Features in an order in which upstream stands before downstream, and the cycles that forbid one. */
export interface FeatureOrder {
  readonly ordered: readonly LinkedFeature[];
  /** Each cycle from its smallest key on, in the direction of the deps, without coming back to the start. */
  readonly cycles: readonly (readonly LinkedFeature[])[];
}

interface Visit {
  readonly feature: LinkedFeature;
  readonly upstream: readonly string[];
  next: number;
}

/**
 * Orders features: in the order of keys, each preceded by the upstream features that it needs.
 *
 * A depth-first search with a stack of its own, since chains may be longer than the call stack. An edge back onto the
 * stack closes a cycle; every cycle of the graph has such an edge.
 */
export function orderFeatures(features: readonly LinkedFeature[]): FeatureOrder {
  const byKey = new Map(features.map((feature) => [feature.spec.key, feature]));
  const ordered: LinkedFeature[] = [];
  const cycles: LinkedFeature[][] = [];
  const depth = new Map<string, number>();
  const stack: Visit[] = [];

  const enter = (feature: LinkedFeature) => {
    depth.set(feature.spec.key, stack.length);
    stack.push({ feature, upstream: feature.deps.map((dep) => dep.upstream.key).sort(compareKeys), next: 0 });
  };
  for (const key of [...byKey.keys()].sort(compareKeys)) {
    const start = byKey.get(key);
    if (start !== undefined && !depth.has(key)) enter(start);
    for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
      const upstreamKey = visit.upstream[visit.next];
      visit.next += 1;
      if (upstreamKey === undefined) {
        stack.pop();
        depth.set(visit.feature.spec.key, done);
        ordered.push(visit.feature);
        continue;
      }
      const upstream = byKey.get(upstreamKey);
      const open = depth.get(upstreamKey);
      if (open === undefined && upstream !== undefined) enter(upstream);
      if (open !== undefined && open !== done)
        cycles.push(fromSmallest(stack.slice(open).map((entered) => entered.feature)));
    }
  }
  return { ordered, cycles };
}

/** Depth of a feature that is off the stack. */
const done = -1;

/** Says the whole path of a cycle, at the dep by which its first feature enters it. */
export function reportCycle(cycle: readonly LinkedFeature[]): Diagnostic {
  const [first, second = first] = cycle;
  const dep = first?.deps.find(({ upstream }) => upstream === second?.spec);
  if (first === undefined || dep === undefined) throw new Error("A cycle has no deps");
  const path = [...cycle, first].map((feature) => feature.spec.key);
  return report("dep-cycle", first.spec.document.locate(dep.parsed.featurePath), { path });
}

function fromSmallest(cycle: readonly LinkedFeature[]): LinkedFeature[] {
  let start = 0;
  for (const [index, feature] of cycle.entries()) {
    if (compareKeys(feature.spec.key, cycle[start]?.spec.key ?? "") < 0) start = index;
  }
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}
