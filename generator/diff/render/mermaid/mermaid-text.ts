import { clip } from "../markdown/markdown-text.ts";

/** A text of others within a quoted label of a mermaid graph. */
export function label(value: string, length = 60): string {
  return clip(value, length).replaceAll(/[^\p{L}\p{N} /.,…→-]/gu, (found) => `#${found.codePointAt(0)};`);
}
