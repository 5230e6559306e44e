import colors from "yoctocolors";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { formatLocation, type SourceSpan } from "../../diagnostics/location.ts";
import { splitLines, withoutByteOrderMark } from "../../diagnostics/source-lines.ts";
import type { Sources } from "../../source/source-file.ts";
import { displayWidth, printableLine, printableText } from "../display-text.ts";
import { count } from "../names.ts";

/** How diagnostics look as text. */
export interface DiagnosticTextOptions {
  readonly color: boolean;
  /** Width of the terminal. Default 120. */
  readonly columns?: number;
  /** The most diagnostics to print; all are counted. Default 100. */
  readonly limit?: number;
}

/**
 * Renders diagnostics for people: location, message, source line with carets, hint; and their number.
 *
 * The first line of each is `file:line:column: severity: message [code]`, which editors and terminals link. Without the
 * source of a file, no source line is printed.
 */
export function renderDiagnosticsText(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  { color, columns = 120, limit = 100 }: DiagnosticTextOptions,
): string {
  const paint = color ? painted : plain;
  const linesOf = lineReader(sources);
  const printed = diagnostics.slice(0, limit).map((diagnostic) => {
    const line = linesOf(diagnostic.file)?.[diagnostic.line - 1];
    return renderDiagnostic(diagnostic, line, columns, paint);
  });
  const isTruncated = diagnostics.length > printed.length;
  const prefix = isTruncated ? `Only the first ${printed.length} of ${diagnostics.length}: ` : "";
  return `${[...printed, prefix + countDiagnostics(diagnostics)].join("\n\n")}\n`;
}

type Paint = { readonly [part in "location" | "error" | "warning" | "secondary"]: (text: string) => string };

const painted: Paint = {
  location: colors.cyan,
  error: colors.red,
  warning: colors.yellow,
  secondary: colors.dim,
};

const plain: Paint = { location: String, error: String, warning: String, secondary: String };

function renderDiagnostic(
  diagnostic: Diagnostic,
  line: string | undefined,
  columns: number,
  paint: Paint,
): string {
  const { severity, message, hint, code } = diagnostic;
  const location = paint.location(formatLocation(diagnostic));
  const head = `${location}: ${paint[severity](severity)}: ${printableText(message)} ${paint.secondary(`[${code}]`)}`;
  const gutter = " ".repeat(String(diagnostic.line).length);
  const frame = line === undefined ? [] : renderFrame(diagnostic, line, columns, paint);
  const hints = hint === undefined ? [] : [`${gutter} = ${printableText(hint)}`];
  return [head, ...frame, ...hints].join("\n");
}

function renderFrame(diagnostic: Diagnostic, line: string, columns: number, paint: Paint): string[] {
  const number = String(diagnostic.line);
  const gutter = " ".repeat(number.length);
  const { source, carets } = codeFrame(line, diagnostic, columns - number.length - " | …".length);
  return [
    `${paint.secondary(`${number} |`)} ${source}`,
    `${paint.secondary(`${gutter} |`)} ${paint[diagnostic.severity](carets)}`,
  ];
}

/** Lines of a source, split once, without a byte order mark. */
function lineReader(sources: Sources): (file: string) => readonly string[] | undefined {
  const cache = new Map<string, readonly string[]>();
  return (file) => {
    const text = Object.hasOwn(sources, file) ? sources[file] : undefined;
    if (text === undefined) return undefined;
    const lines = cache.get(file) ?? splitLines(withoutByteOrderMark(text));
    cache.set(file, lines);
    return lines;
  };
}

/** A source line, truncated to a width, and the carets below it. */
export interface CodeFrame {
  readonly source: string;
  readonly carets: string;
}

const ellipsis = "…";

/** Underlines a span in its line. A tab becomes one space; a line that is too long is truncated around the span. */
export function codeFrame(line: string, { column, length }: SourceSpan, width: number): CodeFrame {
  const start = Math.min(column - 1, line.length);
  const [from, to] = visibleRange(line, start, width);
  const end = Math.min(start + Math.max(1, length), to);
  const before = (from === 0 ? "" : ellipsis) + printableLine(line.slice(from, start));
  const underlined = printableLine(line.slice(start, end));
  const after = printableLine(line.slice(end, to)) + (to === line.length ? "" : ellipsis);
  return {
    source: before + underlined + after,
    carets: " ".repeat(displayWidth(before)) + "^".repeat(Math.max(1, displayWidth(underlined))),
  };
}

/** The visible part of a line: a third of the width before the span, the rest from there on. */
function visibleRange(line: string, start: number, width: number): readonly [from: number, to: number] {
  if (line.length <= width) return [0, line.length];
  const from = Math.max(0, Math.min(start - Math.floor(width / 3), line.length - width));
  return [outsidePair(line, from), outsidePair(line, Math.min(line.length, from + width))];
}

/** An index that does not split a surrogate pair. */
function outsidePair(line: string, index: number): number {
  const codeUnit = line.charCodeAt(index);
  return codeUnit >= 0xdc00 && codeUnit <= 0xdfff ? index + 1 : index;
}

/** `3 errors, 1 warning in 2 files`. */
function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return "no errors";
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const files = new Set(diagnostics.map(({ file }) => file)).size;
  const counts = [
    ...(errors > 0 ? [count(errors, "error")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ];
  return `${counts.join(", ")} in ${count(files, "file")}`;
}
