import { showableSentence } from "../diagnostics/display-text.ts";
import { quoteValue } from "../diagnostics/quote-value.ts";
import { wrapText } from "../diagnostics/wrap-text.ts";
import type { Explanation, ExplanationPart, ExplanationStep } from "../explain/explanation.ts";
import { printfCommand } from "../explain/printf-command.ts";
import { initialCodeVersion } from "../parse/parsed-spec.ts";

/**
 * Renders an explanation as text. Every version stands with the command that computes it, so that it can be redone in
 * any shell. Sentences are broken at `columns`; commands never are.
 */
export function renderExplanation(
  { name, version, hashLength, steps }: Explanation,
  columns: number = Number.POSITIVE_INFINITY,
): string {
  const cut = hashLength === 64 ? "" : `, cut to ${hashLength} characters`;
  const intro = `Each version is the SHA-256 of a text${cut}. Those that a version is made of stand before it.`;
  const blocks = steps.map((step) => `${renderStep(step, hashLength).join("\n")}\n`);
  return `${name}  ${version}\n\n${wrapText(intro, columns).join("\n")}\n\n${blocks.join("\n")}`;
}

function renderStep({ name, version, text, parts, at }: ExplanationStep, hashLength: number): string[] {
  const rows = parts.map(describePart);
  const width = rows.reduce((widest, [label]) => Math.max(widest, label.length), 0);
  const cut = hashLength === 64 ? "" : ` | cut -c1-${hashLength}`;
  return [
    `${name}  ${version}  ${at.file}:${at.line}:${at.column}`,
    ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`),
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
        showableSentence(quoteValue(text)) + (text === initialCodeVersion ? ", the default" : ""),
      ];
    case "version":
      return [of, text];
  }
}
