import type { BlockedColumn, FeatureDiff, TableForecast, TableStep } from "../diff/index.ts";
import { codeText, count, digits, listNames, type PrintName } from "./names.ts";

/** Which columns to migrate before a feature runs, and how. */
export function describeBlocked({ key, table }: FeatureDiff, print: PrintName): string[] {
  return blockedColumns(table).map((step) => {
    const { column, from, to, rows, storedRows } = step;
    const reason =
      rows === 0
        ? `${print(column)} is stored as ${print(from)}, which cannot hold ${print(to)}`
        : `in ${digits(rows)} of ${count(storedRows, "stored row")}, ${print(column)} (${print(from)}) does not fit ${print(to)}`;
    return `Migrate ${print(key)} first: ${reason}. ${describeRemedy(key, step, print)}`;
  });
}

function describeRemedy(
  key: string,
  { rows, converts, rowsToWriteAgain }: BlockedColumn,
  print: PrintName,
): string {
  const migrate = `stemma migrate ${key}`;
  if (converts)
    return `${codeText(migrate, print)} converts the stored values, or give the column another name.`;
  const them = rows === 1 ? "it" : "them";
  const again = rowsToWriteAgain === 0 ? "" : `, and then write ${count(rowsToWriteAgain, "row")} again`;
  return `Give the column another name, or let ${codeText(`${migrate} --drop`, print)} set ${them} to null${again}.`;
}

/** What the first write changes in the table of a feature. */
export function describeTableChanges({ key, table }: FeatureDiff, print: PrintName): string[] {
  const steps = table?.steps ?? [];
  const added = steps.flatMap((step) => (step.kind === "add-column" ? [step.column] : []));
  const isOne = added.length === 1;
  const parts = [
    ...steps.flatMap((step) => describeStep(step, print)),
    ...(added.length === 0
      ? []
      : [`${listNames(added, print)} ${isOne ? "is" : "are"} added, null in stored rows`]),
  ];
  return parts.length === 0 ? [] : [`Table of ${print(key)}, at the first write: ${parts.join("; ")}.`];
}

function describeStep(step: TableStep, print: PrintName): string[] {
  switch (step.kind) {
    case "change-type":
      return [`${print(step.column)} becomes ${print(step.to)} (now ${print(step.from)})`];
    case "copy-column":
      return [`${print(step.column)} gets the values of ${print(step.from)}`];
    case "add-column":
    case "add-fields":
    case "blocked":
      return [];
  }
}

/** Whether a feature must be migrated before it runs. */
export function isBlocked({ table }: { readonly table?: TableForecast | undefined }): boolean {
  return blockedColumns(table).length > 0;
}

function blockedColumns(table: TableForecast | undefined): BlockedColumn[] {
  return (table?.steps ?? []).filter((step) => step.kind === "blocked");
}
