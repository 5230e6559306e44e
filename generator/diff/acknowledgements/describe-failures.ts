import type { Failure } from "./fail-on.ts";

/** Says which changes fail, and exactly what to add to which file to accept them. */
export function describeFailures(failures: readonly Failure[], file: string): string {
  const count = failures.length === 1 ? "1 change fails" : `${failures.length} changes fail`;
  const what = failures.length === 1 ? "it, add this line" : "them, add these lines";
  const lines = [
    `${count}:`,
    ...failures.map(describeFailure),
    `To accept ${what} to the list in ${file}, with the reason in place of "…":`,
    ...failures.map(({ acknowledgement }, index) => {
      const comma = index < failures.length - 1 ? "," : "";
      return `  ${acknowledgement}${comma}`;
    }),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function describeFailure({ feature, change }: Failure): string {
  const { rule, message, at } = change;
  const place = at === undefined ? "" : ` (${at.file}:${at.line}:${at.column})`;
  return `  ${feature === undefined ? "" : `${feature}: `}${message} [${rule}]${place}`;
}
