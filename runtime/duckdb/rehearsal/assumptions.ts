import { grainIsId } from "../comparison/stored-grains.ts";
import type { RehearsedFeature } from "./rehearsed-feature.ts";

/** Notes which features run and may make other rows than they have, and whose counts below rest on it that they don't. */
export class Assumptions {
  readonly #order: readonly string[];
  /** Features that make rows again, with whether a unit of work of theirs may have several rows. */
  readonly #remaking = new Map<string, boolean>();
  readonly #assumed = new Map<string, readonly string[]>();

  /** `features` stand upstream first. */
  constructor(features: readonly RehearsedFeature[]) {
    this.#order = features.map(({ feature }) => feature.key);
  }

  /** Notes that a feature makes rows again that it has already. */
  remakes({ feature }: RehearsedFeature): void {
    this.#remaking.set(feature.key, !grainIsId(feature));
  }

  /** The features above that must make the same rows again for the counts of a feature to hold, upstream first. */
  of({ feature, restsOn }: RehearsedFeature): readonly string[] {
    const above = feature.plan.kind === "root" ? [] : Object.keys(feature.plan.upstream);
    const keys = new Set(
      above.flatMap((key) => {
        const isOpen = this.#remaking.get(key);
        const isAssumed = isOpen !== undefined && (isOpen || restsOn.includes(key));
        return [...(this.#assumed.get(key) ?? []), ...(isAssumed ? [key] : [])];
      }),
    );
    const ordered = this.#order.filter((key) => keys.has(key));
    this.#assumed.set(feature.key, ordered);
    return ordered;
  }
}
