import { oneLine } from "../one-line.ts";

/**
 * A text of others within a quoted label of a mermaid graph: all that could mean something is written by its number.
 * What mermaid looks for after it has read those, icons (`fa:fa-car`) and formulas (`$$`), is parted by a space without
 * width.
 */
export function label(value: string, length = 60): string {
  return oneLine(value, length).replaceAll(meaningful, (found) => {
    const written = `#${found.codePointAt(0)};`;
    return found === ":" || found === "$" ? `${written}#8203;` : written;
  });
}

const meaningful = /[^\p{L}\p{N} /.,…→-]/gu;
