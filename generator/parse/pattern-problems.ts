import { type Diagnostic, type Location, report } from "../diagnostics/diagnostic.ts";
import { findUnsupported } from "./re2-pattern.ts";
import type { Keyword, SchemaNode } from "./schema-node.ts";
import { syntaxError } from "./translate-pattern.ts";

/** Why the `pattern` of a schema is not enforced: JSON Schema takes JavaScript's expressions, DuckDB runs RE2's. */
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
