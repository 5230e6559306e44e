import { createDiagnostic, type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import { keywordProblems } from "./keyword-problems.ts";
import { nameProblems } from "./name-problems.ts";
import { findUnsupported } from "./re2-pattern.ts";
import type { Keyword } from "./schema-node.ts";
import { childrenOf, type SchemaLocation, type SchemaNode } from "./schema-node.ts";
import { syntaxError } from "./translate-pattern.ts";
import { valueProblems } from "./value-problems.ts";

/** What is wrong with a schema and with all schemas in it. */
export function schemaProblems(node: SchemaNode): Diagnostic[] {
  const problems = [
    ...keywordProblems(node),
    ...patternProblems(node),
    ...nameProblems(memberLocations(node)),
  ];
  for (const child of childrenOf(node)) for (const problem of schemaProblems(child)) problems.push(problem);
  // A schema that makes no sense can't be asked about values.
  return hasErrors(problems) ? problems : [...problems, ...valueProblems(node)];
}

function memberLocations({ children }: SchemaNode): ReadonlyMap<string, SchemaLocation> {
  return new Map([...(children.properties ?? [])].map(([name, { location }]) => [name, location]));
}

/** Why the `pattern` of a schema is not enforced: JSON Schema takes JavaScript's expressions, DuckDB runs RE2's. */
export function* patternProblems(node: SchemaNode): Iterable<Diagnostic> {
  const keyword = node.keywords.get("pattern");
  if (keyword === undefined) return;
  const pattern = keyword.value as string;
  const unsupported = findUnsupported(pattern);
  if (unsupported !== undefined) {
    const { construct, engine, instead } = unsupported;
    return yield createDiagnostic("pattern-unsupported", locationOf(keyword), {
      pattern,
      construct,
      engine,
      instead,
    });
  }
  const detail = syntaxError(pattern);
  if (detail !== undefined) yield createDiagnostic("bad-pattern", locationOf(keyword), { pattern, detail });
}

function locationOf({ location }: Keyword): SourceSpan {
  return location.document.locate(location.path);
}
