import type { DeleteResult, DropResult } from "../../../runtime/deleting.ts";
import type { AnyFeature } from "../../../runtime/feature.ts";
import { displayWidth, showableSentence } from "../../diagnostics/display-text.ts";
import { digits } from "../digits.ts";

/** What is deleted from where, and how. */
export interface DeletionFacts {
  readonly feature: AnyFeature;
  readonly store: string;
  readonly hard: boolean;
  readonly dryRun: boolean;
}

/** Says what a delete did or would do, with the ids of some samples. */
export function describeDeletion(
  result: DeleteResult,
  { feature, store, hard, dryRun }: DeletionFacts,
): string {
  const { samples, rows, rowsWithoutId, emptyParents, examples } = result;
  const of = `of ${feature.key} in ${store}`;
  const auxiliary = (count: number) => (dryRun ? "would be" : count === 1 ? "was" : "were");
  const lines: string[] = [];
  if (samples > 0 || rows > 0) {
    const what = hard
      ? `${counted(samples, "sample")} ${of} (${counted(rows, "row")})`
      : `${counted(samples, "sample")} ${of}`;
    const done = hard ? "removed for good" : "marked as deleted; a later write of a sample revives it";
    lines.push(`${what} ${auxiliary(samples)} ${done}.`);
  }
  if (examples.length > 0) lines.push(...textTable(feature.spec.idColumns, examples));
  if (samples > examples.length && examples.length > 0)
    lines.push(`  and ${digits(samples - examples.length)} more`);
  if (rowsWithoutId > 0)
    lines.push(
      `${counted(rowsWithoutId, "row")} ${of} without an id ${auxiliary(rowsWithoutId)} removed for good.`,
    );
  if (emptyParents > 0) {
    const mark = emptyParents === 1 ? "The mark" : "The marks";
    lines.push(
      `${mark} of ${counted(emptyParents, "parent")} ${of} as processed and empty ${auxiliary(emptyParents)} taken away.`,
    );
  }
  if (lines.length === 0) lines.push(`Nothing to delete: no stored sample ${of} is meant.`);
  return lines.map((line) => `${line}\n`).join("");
}

/** What a drop is about. */
export interface DropFacts {
  readonly key: string;
  /** Name of the store. */
  readonly store: string;
  readonly isInSpecs: boolean;
}

/** What a drop removes, or removed. */
export function describeDrop({ existed, rows, tables }: DropResult, isDone: boolean, facts: DropFacts): string {
  const { key, store, isInSpecs } = facts;
  if (tables.length === 0) return `Nothing to drop: ${key} was never written to ${store}.\n`;
  const withRows = existed ? ` with ${counted(rows, "row")}` : "";
  const specNote = isInSpecs ? "" : " (not a spec of this project any more)";
  const verb = isDone ? "Dropped" : "Would drop";
  const noun = tables.length === 1 ? "the table" : "the tables";
  return `${verb} ${key}${specNote} from ${store}${withRows}: ${noun} ${tables.join(", ")}.\n`;
}

function counted(count: number, unit: string): string {
  return `${digits(count)} ${unit}${count === 1 ? "" : "s"}`;
}

/** Rows as lines in aligned columns, indented by two blanks, with a line of names above. */
function textTable(columns: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string[] {
  const cells = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))].map((line) =>
    line.map(showableSentence),
  );
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => displayWidth(line[index] ?? ""))));
  return cells.map((line) =>
    `  ${line.map((cell, index) => cell + " ".repeat((widths[index] ?? 0) - displayWidth(cell))).join("  ")}`.trimEnd(),
  );
}
