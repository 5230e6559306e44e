import type { BlockedColumn, FeatureDiff, TableForecast, TableStep } from "../diff/model/version-diff.ts";
import { codeText } from "./code-text.ts";
import { digits } from "./digits.ts";
import { listNames, type PrintName } from "./list-names.ts";

/** Says in sentences which columns have to be migrated before anything of a feature runs, and how. */
export function describeBlocked({ key, table }: FeatureDiff, print: PrintName): string[] {
  return blockedColumns(table).map((step) => {
    const { column, from, to, rows, storedRows } = step;
    const isOne = rows === 1;
    const reason =
      rows === 0
        ? `${print(column)} is stored as ${print(from)}, and no ${print(to)} fits in there`
        : `${digits(rows)} of ${digits(storedRows)} stored ${storedRows === 1 ? "row" : "rows"} ${isOne ? "has" : "have"} a ${print(column)} that no ${print(to)} is (stored as ${print(from)})`;
    return `Migrate ${print(key)} first: ${reason}. ${migrationHint(key, step, print)}`;
  });
}

function migrationHint(
  key: string,
  { rows, converts, rowsToWriteAgain }: BlockedColumn,
  print: PrintName,
): string {
  const migrate = `stemma migrate ${key}`;
  if (converts)
    return `${codeText(migrate, print)} converts what is stored, or give the column another name.`;
  const them = rows === 1 ? "it" : "them";
  const again =
    rowsToWriteAgain === 0
      ? ""
      : `, and ${digits(rowsToWriteAgain)} ${rowsToWriteAgain === 1 ? "row has" : "rows have"} to be written again then`;
  return `Give the column another name, or let ${codeText(`${migrate} --drop`, print)} set ${them} to null${again}.`;
}

/** Says in a sentence what the first write changes in the table of a feature. */
export function describeTableChanges({ key, table }: FeatureDiff, print: PrintName): string[] {
  const steps = table?.steps ?? [];
  const added = steps.flatMap((step) => (step.kind === "add-column" ? [step.column] : []));
  const parts = [
    ...steps.flatMap((step) => describeStep(step, print)),
    ...(added.length === 0
      ? []
      : [`${listNames(added, print)} ${added.length === 1 ? "is" : "are"} added, null in stored rows`]),
  ];
  return parts.length === 0 ? [] : [`Table of ${print(key)}, in the first write: ${parts.join("; ")}.`];
}

function describeStep(step: TableStep, print: PrintName): string[] {
  switch (step.kind) {
    case "change-type":
      return [`${print(step.column)} becomes ${print(step.to)} (now ${print(step.from)})`];
    case "copy-column":
      return [`${print(step.column)} gets the values of ${print(step.from)}`];
    default:
      return [];
  }
}

/** Whether a feature has to be migrated before it runs. */
export function isBlocked({ table }: { readonly table?: TableForecast | undefined }): boolean {
  return blockedColumns(table).length > 0;
}

/** The columns that keep a feature from running. */
function blockedColumns(table: TableForecast | undefined): BlockedColumn[] {
  return (table?.steps ?? []).filter((step) => step.kind === "blocked");
}
