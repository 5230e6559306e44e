import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { keywordProblems } from "./keyword-problems.ts";
import { nameProblems } from "./name-problems.ts";
import { patternProblems } from "./pattern-problems.ts";
import { childrenOf, type Place, type SchemaNode } from "./schema-node.ts";
import { valueProblems } from "./value-problems.ts";

/** What is wrong with a schema and with all schemas in it. */
export function schemaProblems(node: SchemaNode): Diagnostic[] {
  const problems = [...keywordProblems(node), ...patternProblems(node), ...nameProblems(memberPlaces(node))];
  for (const child of childrenOf(node)) for (const problem of schemaProblems(child)) problems.push(problem);
  // A schema that makes no sense can't be asked about values.
  return hasErrors(problems) ? problems : [...problems, ...valueProblems(node)];
}

function memberPlaces({ children }: SchemaNode): ReadonlyMap<string, Place> {
  return new Map([...(children.properties ?? [])].map(([name, { place }]) => [name, place]));
}
