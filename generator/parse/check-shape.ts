import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { printPointer, readPointer, valueAt } from "../source/json-pointer.ts";
import { shapeDiagnostics } from "./shape-diagnostics.ts";
import type { ShapeProblem } from "./shape-problem.ts";
import { type ShapeRef, validateShape } from "./validate-shape.ts";

/** Outcome of checking a part of a document against the meta-schema. */
export interface CheckedShape {
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the value at a path of the document, and all in it, has the right shape; unknown keywords aside. */
  isValid(path: JsonPath): boolean;
}

/** Checks the value at a path of a document against a part of the meta-schema. */
export function checkShape(document: JsonDocument, path: JsonPath, ref: ShapeRef): CheckedShape {
  const diagnostics: Diagnostic[] = [];
  const invalid = new Set<string>();
  for (const problem of validateShape(ref, valueAt(document.value, path))) {
    if (isSchemaDeclaration(problem, path)) continue;
    const steps = [...path, ...readPointer(problem.pointer)];
    for (const diagnostic of shapeDiagnostics(problem, document, steps)) diagnostics.push(diagnostic);
    if (problem.kind === "unknown-keyword") continue;
    for (let length = steps.length; length >= 0; length -= 1) {
      invalid.add(printPointer(steps.slice(0, length)));
    }
  }
  return { diagnostics, isValid: (requested) => !invalid.has(printPointer(requested)) };
}

/** A file that is one column schema as a whole may name the schema of its language, as a spec does. */
function isSchemaDeclaration(problem: ShapeProblem, path: JsonPath): boolean {
  return (
    path.length === 0 &&
    problem.kind === "unknown-keyword" &&
    problem.name === "$schema" &&
    problem.pointer === ""
  );
}
