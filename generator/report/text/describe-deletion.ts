import type { DeleteResult, DropResult } from "../../../runtime/deleting.ts";
import type { AnyFeature } from "../../../runtime/feature.ts";
import { printableText } from "../display-text.ts";
import { count, digits } from "../names.ts";
import { alignColumns } from "./text-table.ts";

/** What is deleted from which store, and how. */
export interface DeletionFacts {
  readonly feature: AnyFeature;
  readonly store: string;
  readonly hard: boolean;
  readonly dryRun: boolean;
}

/** Describes what a delete did or would do, with the ids of some samples. */
export function describeDeletion(
  result: DeleteResult,
  { feature, store, hard, dryRun }: DeletionFacts,
): string {
  const { samples, rows, rowsWithoutId, emptyParents, examples } = result;
  const of = `of ${feature.key} in ${store}`;
  const auxiliary = (number: number): string => (dryRun ? "would be" : number === 1 ? "was" : "were");
  const lines: string[] = [];
  if (samples > 0 || rows > 0) {
    const subject = `${count(samples, "sample")} ${of}${hard ? ` (${count(rows, "row")})` : ""}`;
    const done = hard ? "removed permanently" : "marked as deleted; writing a sample again restores it";
    lines.push(`${subject} ${auxiliary(samples)} ${done}.`);
  }
  if (examples.length > 0) lines.push(...tableOf(feature.spec.idColumns, examples));
  if (samples > examples.length && examples.length > 0) {
    lines.push(`  and ${digits(samples - examples.length)} more`);
  }
  if (rowsWithoutId > 0) {
    const subject = `${count(rowsWithoutId, "row")} ${of} without an id`;
    lines.push(`${subject} ${auxiliary(rowsWithoutId)} removed permanently.`);
  }
  if (emptyParents > 0) {
    const marker = emptyParents === 1 ? "The marker" : "The markers";
    const subject = `${marker} of ${count(emptyParents, "parent")} ${of} as processed and empty`;
    lines.push(`${subject} ${auxiliary(emptyParents)} removed.`);
  }
  if (lines.length === 0) lines.push(`Nothing to delete: no stored sample ${of} matches.`);
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
export function describeDrop(
  { existed, rows, tables }: DropResult,
  isDone: boolean,
  facts: DropFacts,
): string {
  const { key, store, isInSpecs } = facts;
  if (tables.length === 0) return `Nothing to drop: ${key} was never written to ${store}.\n`;
  const withRows = existed ? ` with ${count(rows, "row")}` : "";
  const specNote = isInSpecs ? "" : " (not a spec of this project any more)";
  const verb = isDone ? "Dropped" : "Would drop";
  const noun = tables.length === 1 ? "the table" : "the tables";
  return `${verb} ${key}${specNote} from ${store}${withRows}: ${noun} ${tables.join(", ")}.\n`;
}

function tableOf(columns: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string[] {
  const cells = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))];
  return alignColumns(cells.map((row) => row.map(printableText))).map((line) => `  ${line}`);
}
