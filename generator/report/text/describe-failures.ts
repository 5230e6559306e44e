import { formatLocation } from "../../diagnostics/location.ts";
import type { AcknowledgementsFile, Failure } from "../../diff/index.ts";
import { count } from "../names.ts";

/** Lists the changes that fail, and the lines that acknowledge them. */
export function describeFailures(
  failures: readonly Failure[],
  { path, entries }: AcknowledgementsFile,
): string {
  const isOne = failures.length === 1;
  const separator = entries ? ", with a comma after the entry before" : "";
  const instruction =
    entries === undefined
      ? `write this to ${path}`
      : `add ${isOne ? "this line" : "these lines"} to the list in ${path}${separator}`;
  const entriesToAdd = failures.map(({ acknowledgement }) => `  ${acknowledgement}`).join(",\n");
  const lines = [
    `${count(failures.length, "change")} ${isOne ? "fails" : "fail"}:`,
    ...failures.map(describeFailure),
    `To accept ${isOne ? "it" : "them"}, ${instruction}, with the reason in place of "…":`,
    ...(entries === undefined ? ["[", entriesToAdd, "]"] : [entriesToAdd]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function describeFailure({ feature, change }: Failure): string {
  const { rule, message, at } = change;
  const location = at === undefined ? "" : ` (${formatLocation(at)})`;
  return `  ${feature === undefined ? "" : `${feature}: `}${message} [${rule}]${location}`;
}
