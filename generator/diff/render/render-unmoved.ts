import type { Manifest } from "../../manifest/manifest.ts";
import { describeUnmoved } from "./describe-totals.ts";

/**
 * What `renderTerminal` prints of a state that is compared with itself. `base` says with what it was compared.
 *
 * Loads and computes nothing of the diff: mostly nothing moved.
 */
export function renderUnmoved({ features }: Manifest, base: string | undefined): string {
  const all = Object.values(features);
  const fields = all.reduce((total, feature) => total + Object.keys(feature.fields).length, 0);
  const lines = [...(base === undefined ? [] : [base]), describeUnmoved(all.length, fields)];
  return lines.map((line) => `${line}\n`).join("");
}
