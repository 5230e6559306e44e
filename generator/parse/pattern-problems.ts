import { type Diagnostic, type Location, report } from "../diagnostics/diagnostic.ts";
import { findUnsupported } from "./re2-pattern.ts";
import type { Keyword, SchemaNode } from "./schema-node.ts";

/** What is wrong with the `pattern` of a schema: JSON Schema takes JavaScript's expressions, DuckDB runs RE2's. */
export function* patternProblems(node: SchemaNode): Iterable<Diagnostic> {
  const keyword = node.keywords.get("pattern");
  if (keyword === undefined) return;
  const pattern = keyword.value as string;
  const unsupported = findUnsupported(pattern);
  if (unsupported !== undefined) {
    const { construct, engine, instead } = unsupported;
    return yield report("pattern-unsupported", placeOf(keyword), { pattern, construct, engine, instead });
  }
  const detail = syntaxError(pattern);
  if (detail !== undefined) yield report("bad-pattern", placeOf(keyword), { pattern, detail });
}

function placeOf({ place }: Keyword): Location {
  return place.document.locate(place.path);
}

function syntaxError(pattern: string): string | undefined {
  try {
    new RegExp(pattern, "u");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*: /s, "").toLowerCase() : String(error);
  }
}
