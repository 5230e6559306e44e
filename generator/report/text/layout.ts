import colors from "yoctocolors";
import { displayWidth, printableText, wrapText } from "../display-text.ts";

/** How text looks on a stream. */
export interface TextStyle {
  readonly color: boolean;
  /** Width of the terminal; absent where the stream is none. */
  readonly columns?: number;
}

/** A feature as printed. */
export interface Block {
  /** Lines in three columns: name, versions, notes. */
  readonly rows: readonly Row[];
  /** Below the rows. */
  readonly remarks: readonly Remark[];
}

/** A line in three columns. */
export interface Row {
  readonly name: string;
  readonly versions: string;
  /** The first note follows the versions, each further one starts a line. */
  readonly notes: readonly Note[];
  readonly style: RowStyle;
}

/** A labelled text below the rows. */
export interface Remark {
  readonly label: string;
  readonly notes: readonly Note[];
  readonly style: RowStyle;
}

/** A text. */
export interface Note {
  readonly text: string;
  /** Whether it is secondary, and printed dimmed. */
  readonly isAside: boolean;
  /** The parts between which it wraps; joined by spaces, they are the text. If absent, it wraps between words. */
  readonly parts?: readonly string[];
}

/** How a name or label is painted. */
export type RowStyle = "head" | "plain" | "aside" | "added" | "removed" | "error" | "warning" | "info";

/** Lays blocks out in common columns. Notes follow the versions where they fit, else they start below. */
export function layoutBlocks(blocks: readonly Block[], { color, columns }: TextStyle): string[] {
  const rows = blocks.flatMap((block) => block.rows);
  const nameWidth = widest(rows.map(({ name }) => name)) + 2;
  const notesStart = nameWidth + widest(rows.map(({ versions }) => versions)) + 2;
  const width = columns ?? Number.POSITIVE_INFINITY;
  const paint = color ? painted : plain;

  const layoutRow = ({ name, versions, notes, style }: Row): string[] => {
    const head = paint[style](name) + padding(name, nameWidth);
    if (width - notesStart < Math.min(widest(notes.map(({ text }) => text)), minNotesWidth)) {
      return [(head + versions).trimEnd(), ...layoutNotes(notes, indentBelow)];
    }
    const [first = "", ...others] = layoutNotes(notes, notesStart);
    const line = head + versions + padding(versions, notesStart - nameWidth) + first.trimStart();
    return [line.trimEnd(), ...others];
  };
  const layoutRemark = ({ label, notes, style }: Remark): string[] => {
    const [first = "", ...others] = layoutNotes(notes, remarkIndent + labelWidth);
    const head = " ".repeat(remarkIndent) + paint[style](label) + padding(label, labelWidth);
    return [head + first.trimStart(), ...others];
  };
  const layoutNotes = (notes: readonly Note[], indent: number): string[] =>
    notes.flatMap(({ text, isAside, parts }) =>
      wrapText(printableText(text), width - indent, parts).map(
        (line) => " ".repeat(indent) + (isAside ? paint.aside(line) : line),
      ),
    );
  return blocks.flatMap((block) => [
    ...block.rows.flatMap(layoutRow),
    ...block.remarks.flatMap(layoutRemark),
  ]);
}

/** A narrower column of notes is hard to read. */
const minNotesWidth = 40;
const indentBelow = 6;
const remarkIndent = 4;
const labelWidth = 9;

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0);
}

/** Spaces behind a text, unpainted, so that they can be trimmed where nothing follows. */
function padding(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text)));
}

type Paint = Readonly<Record<RowStyle, (text: string) => string>>;

const plain: Paint = {
  head: String,
  plain: String,
  aside: String,
  added: String,
  removed: String,
  error: String,
  warning: String,
  info: String,
};

const painted: Paint = {
  head: colors.bold,
  plain: String,
  aside: colors.dim,
  added: colors.green,
  removed: colors.red,
  error: colors.red,
  warning: colors.yellow,
  info: colors.cyan,
};
