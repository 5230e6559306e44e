import { oneLine } from "../one-line.ts";

/**
 * A text of others as plain words within a line of Markdown: it formats nothing, opens no HTML, and neither mentions
 * nor links.
 */
export function plain(value: string): string {
  return oneLine(value, 300).replaceAll(special, (found) => entities[found] ?? neutralize(found));
}

/** A name or a value as code within a line of Markdown. */
export function code(value: string): string {
  const line = oneLine(value, 120);
  const runs = (line.match(/`+/g) ?? []).map(({ length }) => length);
  const fence = "`".repeat(Math.max(0, ...runs) + 1);
  // One space at both ends is not shown, and keeps backticks of the value from those of the fence.
  const padding = /^[` ]|[` ]$/.test(line) ? " " : "";
  return line.trim() === "" ? code(JSON.stringify(line)) : fence + padding + line + padding + fence;
}

/** A name or a value as code within a line of HTML, where Markdown counts for nothing. */
export function codeInHtml(value: string): string {
  return `<code>${oneLine(value, 120).replaceAll(/[&<>]/g, (found) => entities[found] ?? "")}</code>`;
}

/** A link around Markdown. */
export function link(content: string, url: string): string {
  return `[${content}](<${url.replaceAll(/[<>\\\s]/g, encodeURIComponent)}>)`;
}

/** What Markdown or HTML reads otherwise than as itself, and what GitHub turns into mentions and links. */
const special = /:\/\/|www\.|\bGH-|(?<![a-z\d])_|_(?![a-z\d])|[@#\\`*[\]<&|~$]/gi;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  // A backslash before it would not do within a table.
  "|": "&#124;",
};

/** A space without width after the first part of what would be a link; links are looked for after entities are read. */
function neutralize(found: string): string {
  if (/^[@#]$/.test(found)) return `${found}&#8203;`;
  return found.length > 1 ? `${found[0]}&#8203;${found.slice(1)}` : `\\${found}`;
}
