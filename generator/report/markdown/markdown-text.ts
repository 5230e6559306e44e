import { formatLocation, type Location } from "../../diagnostics/location.ts";
import { oneLine } from "../display-text.ts";
import type { LocationLink } from "../locations.ts";

/** A text that users wrote as plain words in a line of Markdown: no format, no HTML, no mention, no link. */
export function plain(value: string): string {
  return oneLine(value, 300).replaceAll(special, (found) => entities[found] ?? neutralize(found));
}

/** A name or a value as code in a line of Markdown. */
export function code(value: string): string {
  const line = oneLine(value, 120);
  const runs = (line.match(/`+/g) ?? []).map(({ length }) => length);
  const fence = "`".repeat(Math.max(0, ...runs) + 1);
  // Markdown hides one space at both ends, which separates backticks of the value from the fence.
  const padding = /^[` ]|[` ]$/.test(line) ? " " : "";
  return line.trim() === "" ? code(JSON.stringify(line)) : fence + padding + line + padding + fence;
}

/** A name or a value as code in a line of HTML, which contains no Markdown. */
export function codeInHtml(value: string): string {
  return `<code>${oneLine(value, 120).replaceAll(/[&<>]/g, (found) => entities[found] ?? "")}</code>`;
}

/** A location as code, and as a link where links are given. */
export function locationText(location: Location, linkTo: LocationLink | undefined): string {
  const text = code(formatLocation(location));
  return linkTo === undefined ? text : link(text, linkTo(location));
}

function link(content: string, url: string): string {
  return `[${content}](<${url.replaceAll(/[<>\\\s]/g, encodeURIComponent)}>)`;
}

/** Text that Markdown or HTML interprets, and that GitHub turns into mentions and links. */
const special = /:\/\/|www\.|\bGH-|(?<![a-z\d])_|_(?![a-z\d])|[@#\\`*[\]<&|~$]/gi;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  // A backslash does not escape it in a table.
  "|": "&#124;",
};

/** Inserts a zero-width space after the first part of what would be a link: GitHub detects links after it decodes entities. */
function neutralize(found: string): string {
  if (/^[@#]$/.test(found)) return `${found}&#8203;`;
  return found.length > 1 ? `${found[0]}&#8203;${found.slice(1)}` : `\\${found}`;
}
