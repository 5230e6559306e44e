import type { Location } from "../../diagnostics/diagnostic.ts";
import { displayWidth, showableLine } from "../../diagnostics/display-text.ts";

/** A source line, cut to a width, and the carets below it. */
export interface CodeFrame {
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
