/**
 * The command that makes git name the feature above each part of a diff of `versions.json`, run once in a clone.
 *
 * Features are the only objects at an indentation of four spaces.
 */
export const diffDriverCommand = `git config diff.stemma.xfuncname '^ {4}"([^"]+)": [{]$'`;

/** The lines that a list lacks to have the effect of another one. */
export function missingLines(text: string, wanted: string): string[] {
  const existing = new Set(linesOf(text).map(canonicalLine));
  return linesOf(wanted).filter((line) => !existing.has(canonicalLine(line)));
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** A folder can be ignored in several spellings. */
function canonicalLine(line: string): string {
  return line.replace(/^\//, "").replace(/\/$/, "");
}
