import { showableSentence } from "../diagnostics/display-text.ts";
import { wrapText } from "../diagnostics/wrap-text.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { describeNoChanges } from "./describe-totals.ts";

/**
 * What `renderTerminal` prints of a state that is compared with itself. `base` says with what it was compared; `columns`
 * is the width of the terminal.
 *
 * Loads and computes nothing of the diff: mostly nothing moved.
 */
export function renderNoChanges(
  { features }: Manifest,
  base: string | undefined,
  columns: number = Number.POSITIVE_INFINITY,
): string {
  const all = Object.values(features);
  const fields = all.reduce((total, feature) => total + Object.keys(feature.fields).length, 0);
  const lines = [...(base === undefined ? [] : [base]), describeNoChanges(all.length, fields)];
  return lines
    .flatMap((line) => wrapText(showableSentence(line), columns))
    .map((line) => `${line}\n`)
    .join("");
}
