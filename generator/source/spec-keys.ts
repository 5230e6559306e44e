import { withoutByteOrderMark } from "../diagnostics/source-lines.ts";
import { cacheKey } from "../pipeline/index.ts";
import { isSpecFile } from "./index.ts";
import { referencedFiles } from "./referenced-files.ts";
import type { Sources } from "./source-file.ts";

/** The cache key of each spec: of its text, and of the texts of all files that its `$ref`s may lead to. */
export function specKeys(sources: Sources): ReadonlyMap<string, string> {
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
      // A set goes on to what is added while it is gone through.
      for (const file of files) for (const target of targetsOf(file)) files.add(target);
      return [spec, cacheKey("spec", ...[...files].map((file) => [file, sources[file]]))];
    }),
  );
}

/** A name in JSON is `$ref` only where that stands, or an escape. Most specs have neither. */
function findTargets(file: string, text: string | undefined): readonly string[] {
  if (text === undefined || !/\$ref|\\u/.test(text)) return [];
  try {
    return [...referencedFiles({ file, value: JSON.parse(withoutByteOrderMark(text)) })];
  } catch {
    // What is not JSON leads nowhere.
    return [];
  }
}
