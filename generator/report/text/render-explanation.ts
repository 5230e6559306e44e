import { formatLocation } from "../../diagnostics/location.ts";
import { quoteValue } from "../../diagnostics/quote-value.ts";
import type { Explanation, ExplanationPart, ExplanationStep } from "../../explain/index.ts";
import { initialCodeVersion } from "../../parse/parsed-spec.ts";
import { printableText, wrapText } from "../display-text.ts";
import { alignColumns } from "./text-table.ts";

/**
 * Renders an explanation: every version with the command that computes it in any shell. Sentences wrap at `columns`,
 * commands never do.
 */
export function renderExplanation(
  { name, version, hashLength, steps }: Explanation,
  columns: number = Number.POSITIVE_INFINITY,
): string {
  const truncated = hashLength === 64 ? "" : `, truncated to ${hashLength} characters`;
  const intro = `Each version is the SHA-256 of a string${truncated}. Versions that it contains are printed before it.`;
  const blocks = steps.map((step) => `${renderStep(step, hashLength).join("\n")}\n`);
  return `${name}  ${version}\n\n${wrapText(intro, columns).join("\n")}\n\n${blocks.join("\n")}`;
}

function renderStep({ name, version, text, parts, at }: ExplanationStep, hashLength: number): string[] {
  const cut = hashLength === 64 ? "" : ` | cut -c1-${hashLength}`;
  return [
    `${name}  ${version}  ${formatLocation(at)}`,
    ...alignColumns(parts.map(describePart)).map((line) => `  ${line}`),
    `  $ ${printfCommand(text)} | sha256sum${cut}`,
  ];
}

function describePart({ kind, of = "", text }: ExplanationPart): readonly [label: string, value: string] {
  switch (kind) {
    case "name":
      return ["name", text];
    case "code-version":
      return [
        "codeVersion",
        printableText(quoteValue(text)) + (text === initialCodeVersion ? ", the default" : ""),
      ];
    case "version":
      return [of, text];
  }
}

/** A POSIX shell command that prints exactly a text. Characters that a terminal hides are octal escapes of their bytes. */
export function printfCommand(text: string): string {
  if (!unprintable.test(text)) return `printf %s ${quoteForShell(text)}`;
  const escaped = [...text.replaceAll("\\", "\\\\")].map((character) =>
    unprintable.test(character) ? octalBytes(character) : character,
  );
  return `printf %b ${quoteForShell(escaped.join(""))}`;
}

/** Controls, characters without a shape, and those that change the direction of writing or end a line. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u;

function octalBytes(character: string): string {
  const bytes = [...new TextEncoder().encode(character)];
  return bytes.map((byte) => `\\0${byte.toString(8).padStart(3, "0")}`).join("");
}

/** Within single quotes, a shell interprets nothing but the quote itself. */
function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
