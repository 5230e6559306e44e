import { withoutByteOrderMark } from "../diagnostics/source-lines.ts";
import { isSpecFile } from "./index.ts";
import { referencedFiles } from "./referenced-files.ts";
import type { Sources } from "./source-file.ts";

/** All texts that each spec depends on, as JSON: its own, and those of all files that its `$ref`s may point to. */
export function specTexts(sources: Sources): ReadonlyMap<string, string> {
  const targets = new Map<string, readonly string[]>();
  const targetsOf = (file: string): readonly string[] => {
    const cached = targets.get(file) ?? findTargets(file, sources[file]);
    targets.set(file, cached);
    return cached;
  };
  const specs = Object.keys(sources).filter(isSpecFile).sort();
  return new Map(
    specs.map((spec) => {
      const files = new Set([spec]);
      // A Set also iterates over what the loop adds.
      for (const file of files) for (const target of targetsOf(file)) files.add(target);
      return [spec, JSON.stringify([...files].map((file) => [file, sources[file]]))];
    }),
  );
}

/** Only a text with `$ref`, or with an escape, has a member of this name. Most specs have neither. */
function findTargets(file: string, text: string | undefined): readonly string[] {
  if (text === undefined || !/\$ref|\\u/.test(text)) return [];
  try {
    return [...referencedFiles({ file, value: JSON.parse(withoutByteOrderMark(text)) })];
  } catch {
    // A text that is not JSON has no references.
    return [];
  }
}
