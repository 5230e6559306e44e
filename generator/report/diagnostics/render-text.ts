import colors from "yoctocolors";
import { type CodeFrame, codeFrame } from "./code-frame.ts";
import { countDiagnostics } from "./count-diagnostics.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { showableSentence } from "../../diagnostics/display-text.ts";
import { splitLines, withoutByteOrderMark } from "../../diagnostics/source-lines.ts";

/** Texts of source files by path, without which there is no source line to show. */
type Sources = Readonly<Record<string, string>>;

/** How diagnostics look as text. */
export interface RenderTextOptions {
  readonly color: boolean;
  /** Width of the terminal. Default 120. */
  readonly columns?: number;
  /** How many diagnostics are shown; all are counted. Default 100. */
  readonly limit?: number;
}

/**
 * Renders diagnostics for people: place, rule, source line with carets, hint; and how many there are.
 *
 * The first line of each is `file:line:column: severity: message [code]`, as editors and terminals link it.
 */
export function renderText(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: RenderTextOptions,
): string {
  const { color, columns = 120, limit = 100 } = options;
  const paint = color ? painted : plain;
  const linesOf = lineReader(sources);
  const shown = diagnostics.slice(0, limit).map((diagnostic) => {
    const line = linesOf(diagnostic.file)?.[diagnostic.line - 1];
    return renderDiagnostic(diagnostic, line, columns, paint);
  });
  const hidden = diagnostics.length - shown.length;
  const more = hidden > 0 ? `The first ${shown.length} of ${diagnostics.length} are shown: ` : "";
  return `${[...shown, more + countDiagnostics(diagnostics)].join("\n\n")}\n`;
}

type Paint = { readonly [part in "place" | "error" | "warning" | "quiet"]: (text: string) => string };

const painted: Paint = {
  place: colors.cyan,
  error: colors.red,
  warning: colors.yellow,
  quiet: colors.dim,
};

const plain: Paint = { place: String, error: String, warning: String, quiet: String };

function renderDiagnostic(
  diagnostic: Diagnostic,
  line: string | undefined,
  columns: number,
  paint: Paint,
): string {
  const { severity, message, hint, code } = diagnostic;
  const place = paint.place(`${diagnostic.file}:${diagnostic.line}:${diagnostic.column}`);
  const head = `${place}: ${paint[severity](severity)}: ${showableSentence(message)} ${paint.quiet(`[${code}]`)}`;
  const gutter = " ".repeat(String(diagnostic.line).length);
  const frame = line === undefined ? [] : frameLines(diagnostic, line, columns, paint);
  return [head, ...frame, ...(hint === undefined ? [] : [`${gutter} = ${showableSentence(hint)}`])].join(
    "\n",
  );
}

function frameLines(diagnostic: Diagnostic, line: string, columns: number, paint: Paint): string[] {
  const number = String(diagnostic.line);
  const gutter = " ".repeat(number.length);
  const { source, carets }: CodeFrame = codeFrame(line, diagnostic, columns - number.length - " | …".length);
  return [
    `${paint.quiet(`${number} |`)} ${source}`,
    `${paint.quiet(`${gutter} |`)} ${paint[diagnostic.severity](carets)}`,
  ];
}

/** Lines of a source, split once, without a byte order mark. */
function lineReader(sources: Sources): (file: string) => readonly string[] | undefined {
  const known = new Map<string, readonly string[]>();
  return (file) => {
    const text = Object.hasOwn(sources, file) ? sources[file] : undefined;
    if (text === undefined) return undefined;
    const lines = known.get(file) ?? splitLines(withoutByteOrderMark(text));
    known.set(file, lines);
    return lines;
  };
}
