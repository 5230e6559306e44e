/** A fenced block of the README, in order. */
export type ReadmeBlock =
  /** A file: named in backticks on the line before its block. */
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  /** A change of a file, named likewise. */
  | { readonly kind: "edit"; readonly path: string; readonly from: string; readonly to: string }
  /** A command and what it prints. */
  | { readonly kind: "command"; readonly command: string; readonly output: string };

const fence = /(?:`([\w./-]+)`:\n\n)?```(\w+)[^\n]*\n([\s\S]*?)```/g;

/** The blocks of a README that can be run. */
export function readmeBlocks(readme: string): ReadmeBlock[] {
  const blocks: ReadmeBlock[] = [];
  for (const { 1: path, 2: language, 3: text = "" } of readme.matchAll(fence)) {
    if (language === "console") blocks.push(...commands(text));
    else if (language === "diff") blocks.push(edit(path ?? "", text));
    else if (path !== undefined) blocks.push({ kind: "file", path, text });
  }
  return blocks;
}

function commands(text: string): ReadmeBlock[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = "", ...output] = part.split("\n");
      return { kind: "command", command, output: output.join("\n").trimEnd() };
    });
}

function edit(path: string, text: string): ReadmeBlock {
  const lines = (sign: string) =>
    text
      .split("\n")
      .filter((line) => line.startsWith(sign))
      .map((line) => line.slice(1))
      .join("\n");
  return { kind: "edit", path, from: lines("-"), to: lines("+") };
}
