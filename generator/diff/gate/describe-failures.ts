import type { Failure } from "./fail-on.ts";

/** The file of acknowledged changes. */
export interface AcknowledgementsFile {
  readonly path: string;
  /** How many entries it has; undefined where it is not there. */
  readonly entries: number | undefined;
}

/** Says which changes fail, and exactly what to add to which file to accept them. */
export function describeFailures(
  failures: readonly Failure[],
  { path, entries }: AcknowledgementsFile,
): string {
  const count = failures.length === 1 ? "1 change fails" : `${failures.length} changes fail`;
  const [what, objects] = failures.length === 1 ? ["it", "this line"] : ["them", "these lines"];
  const separator = entries ? ", with a comma behind the entry before" : "";
  const instruction =
    entries === undefined ? `write this to ${path}` : `add ${objects} to the list in ${path}${separator}`;
  const lines = [
    `${count}:`,
    ...failures.map(describeFailure),
    `To accept ${what}, ${instruction}, with the reason in place of "…":`,
    ...(entries === undefined ? ["["] : []),
    ...failures.map(({ acknowledgement }, index) => {
      const comma = index < failures.length - 1 ? "," : "";
      return `  ${acknowledgement}${comma}`;
    }),
    ...(entries === undefined ? ["]"] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function describeFailure({ feature, change }: Failure): string {
  const { rule, message, at } = change;
  const location = at === undefined ? "" : ` (${at.file}:${at.line}:${at.column})`;
  return `  ${feature === undefined ? "" : `${feature}: `}${message} [${rule}]${location}`;
}
