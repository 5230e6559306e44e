import { grainIsId } from "../../runtime/engine/resolve/stored-items.ts";
import type { SimulatedFeature } from "./simulated-feature.ts";

/** Notes which features run and may make other rows than they have, and whose counts below rest on it that they don't. */
export class Assumptions {
  readonly #order: readonly string[];
  /** Features that make rows again, with whether a unit of work of theirs may have several rows. */
  readonly #recomputed = new Map<string, boolean>();
  readonly #assumptions = new Map<string, readonly string[]>();

  /** `features` stand upstream first. */
  constructor(features: readonly SimulatedFeature[]) {
    this.#order = features.map(({ feature }) => feature.key);
  }

  /** Notes that a feature makes rows again that it has already. */
  noteRecomputed({ feature }: SimulatedFeature): void {
    this.#recomputed.set(feature.key, !grainIsId(feature));
  }

  /** The features above that must make the same rows again for the counts of a feature to hold, upstream first. */
  of({ feature, valueDependencies }: SimulatedFeature): readonly string[] {
    const upstream = feature.plan.kind === "root" ? [] : Object.keys(feature.plan.upstream);
    const keys = new Set(
      upstream.flatMap((key) => {
        const isOpen = this.#recomputed.get(key);
        const isAssumed = isOpen !== undefined && (isOpen || valueDependencies.includes(key));
        return [...(this.#assumptions.get(key) ?? []), ...(isAssumed ? [key] : [])];
      }),
    );
    const ordered = this.#order.filter((key) => keys.has(key));
    this.#assumptions.set(feature.key, ordered);
    return ordered;
  }
}
