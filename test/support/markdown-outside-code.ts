/**
 * What Markdown reads of a text: fenced blocks and code spans are left out, and so is what a backslash precedes. In a
 * summary nothing is, since it is HTML.
 * Throws where a block or a span is not closed, as it would swallow what comes after it.
 */
export function markdownOutsideCode(markdown: string): string {
  let isFenced = false;
  const lines = markdown.split("\n").flatMap((line) => {
    const isFence = line.startsWith("```");
    if (isFence) isFenced = !isFenced;
    if (isFence || isFenced) return [];
    return line.startsWith("<summary>") ? [line] : [withoutSpans(line)];
  });
  if (isFenced) throw new Error("A fenced block is not closed.");
  return lines.join("\n");
}

function withoutSpans(line: string): string {
  let rest = line;
  let kept = "";
  while (rest !== "") {
    const [token = ""] = /^(\\.|`+|[^`\\]+|.)/su.exec(rest) ?? [];
    rest = rest.slice(token.length);
    if (token.startsWith("`")) rest = rest.slice(endOfSpan(rest, token.length));
    else if (!token.startsWith("\\")) kept += token;
  }
  return kept;
}

function endOfSpan(text: string, fence: number): number {
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    if (run.length === fence) return index + fence;
  }
  throw new Error(`A code span is not closed: ${text.slice(0, 80)}`);
}
