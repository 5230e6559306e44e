import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { printPointer, readPointer, valueAt } from "../source/json-pointer.ts";
import { shapeDiagnostics } from "./shape-diagnostics.ts";
import { type ShapeRef, validateShape } from "./validate-shape.ts";

/** Outcome of checking a part of a document against the meta-schema. */
export interface CheckedShape {
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the value at a path of the document, and all in it, has the right shape; unknown keywords aside. */
  isSound(path: JsonPath): boolean;
}

/** Checks the value at a path of a document against a part of the meta-schema. */
export function checkShape(document: JsonDocument, path: JsonPath, ref: ShapeRef): CheckedShape {
  const diagnostics: Diagnostic[] = [];
  const unsound = new Set<string>();
  for (const error of validateShape(ref, valueAt(document.value, path))) {
    const errorPath = [...path, ...readPointer(error.instancePath)];
    for (const diagnostic of shapeDiagnostics(error, document, errorPath)) diagnostics.push(diagnostic);
    if (error.keyword === "additionalProperties") continue;
    for (let length = errorPath.length; length >= 0; length -= 1) {
      unsound.add(printPointer(errorPath.slice(0, length)));
    }
  }
  return { diagnostics, isSound: (asked) => !unsound.has(printPointer(asked)) };
}
