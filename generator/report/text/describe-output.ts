import { formatLocation } from "../../diagnostics/location.ts";
import type { AcknowledgementsFile, Failure } from "../../diff/index.ts";
import { count } from "../names.ts";

/** The files of an output folder, by their state. */
export interface OutputFiles {
  readonly folder: string;
  readonly missing: readonly { readonly path: string }[];
  readonly outdated: readonly { readonly path: string }[];
  readonly unchanged: readonly { readonly path: string }[];
  readonly obsolete: readonly string[];
}

/** What `generate` wrote: `generated: 3 files written, 1 unchanged`. */
export function describeOutput({ folder, missing, outdated, unchanged, obsolete }: OutputFiles): string {
  const written = missing.length + outdated.length;
  if (written + obsolete.length === 0)
    return `${folder}: ${count(unchanged.length, "file")}, all up to date\n`;
  const parts = [
    `${count(written, "file")} written`,
    ...(unchanged.length === 0 ? [] : [`${unchanged.length} unchanged`]),
    ...(obsolete.length === 0 ? [] : [`${obsolete.length} removed`]),
  ];
  return `${folder}: ${parts.join(", ")}\n`;
}

/** What `generate --check` found: a line per file, and the command that updates them. */
export function describeCheck(
  { missing, outdated, obsolete }: OutputFiles,
  command: string,
): { readonly list: string; readonly remedy: string } {
  const lines = [
    ...missing.map(({ path }) => `missing    ${path}\n`),
    ...outdated.map(({ path }) => `outdated   ${path}\n`),
    ...obsolete.map((path) => `obsolete   ${path}\n`),
  ];
  const subject = lines.length === 1 ? "This file differs" : `These ${lines.length} files differ`;
  return { list: lines.join(""), remedy: `${subject} from the specs. To update: ${command}\n` };
}

/** What `validate` found, apart from the diagnostics themselves. */
export function describeValidation(specs: number, reported: number, all: number): string {
  const lines = [
    ...(reported === 0 ? [`${count(specs, "spec")}, no problems`] : []),
    ...(all > reported ? [`${all - reported} more in other files`] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

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
