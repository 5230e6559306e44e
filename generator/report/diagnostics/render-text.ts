import colors from "yoctocolors";
import type { Diagnostic, Location } from "../../diagnostics/diagnostic.ts";
import { displayWidth, showableLine, showableSentence } from "../../diagnostics/display-text.ts";
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

/** A source line, cut to a width, and the carets below it. */
interface CodeFrame {
  readonly source: string;
  readonly carets: string;
}

const ellipsis = "…";

/** Shows a place in its line. A tab becomes one space; a line that is too long is cut around the place. */
export function codeFrame(line: string, { column, length }: Location, width: number): CodeFrame {
  const start = Math.min(column - 1, line.length);
  const [from, to] = shownRange(line, start, width);
  const end = Math.min(start + Math.max(1, length), to);
  const before = (from === 0 ? "" : ellipsis) + showableLine(line.slice(from, start));
  const marked = showableLine(line.slice(start, end));
  const after = showableLine(line.slice(end, to)) + (to === line.length ? "" : ellipsis);
  return {
    source: before + marked + after,
    carets: " ".repeat(displayWidth(before)) + "^".repeat(Math.max(1, displayWidth(marked))),
  };
}

/** The part of a line that is shown: a third of the width before the place, the rest from there on. */
function shownRange(line: string, start: number, width: number): readonly [from: number, to: number] {
  if (line.length <= width) return [0, line.length];
  const from = Math.max(0, Math.min(start - Math.floor(width / 3), line.length - width));
  return [outsidePair(line, from), outsidePair(line, Math.min(line.length, from + width))];
}

/** An index that does not cut a surrogate pair in two. */
function outsidePair(line: string, index: number): number {
  const unit = line.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index + 1 : index;
}

/** Sums diagnostics up: `3 errors, 1 warning in 2 files`. */
function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const files = new Set(diagnostics.map(({ file }) => file)).size;
  const counts = [
    ...(errors > 0 || warnings === 0 ? [counted(errors, "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ];
  return diagnostics.length === 0 ? "no errors" : `${counts.join(", ")} in ${counted(files, "file")}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
