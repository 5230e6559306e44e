import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { isSpecFile, type ReadSources } from "../source/index.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { valueAt } from "../source/json-pointer.ts";
import { readReference } from "../source/reference.ts";
import type { SchemaLocation } from "./schema-node.ts";

/** What a `$ref` leads to: a place, or the reason why not; neither where that file is reported as unreadable. */
export interface FoundTarget {
  readonly target?: SchemaLocation;
  readonly diagnostic?: Diagnostic;
}

/** Finds what the `$ref` of a schema leads to. */
export function findTarget(ref: string, schema: SchemaLocation, sources: ReadSources): FoundTarget {
  const at = (): SourceSpan => schema.document.locate([...schema.path, "$ref"]);
  const reference = readReference(ref, schema.document.file);
  if (reference.kind === "unsupported") {
    return { diagnostic: createDiagnostic("ref-unsupported", at(), { ref, reason: reference.reason }) };
  }
  const { file, path } = reference;
  if (sources.unreadable.has(file)) return {};
  const document = sources.documents.get(file);
  if (document === undefined)
    return { diagnostic: createDiagnostic("ref-missing-file", at(), { ref, file }) };
  if (valueAt(document.value, path) === undefined) {
    const known = namesAt(document.value, path.slice(0, -1));
    const suggestion = suggest(String(path.at(-1) ?? ""), known);
    return { diagnostic: createDiagnostic("ref-missing-target", at(), { ref, file, known, suggestion }) };
  }
  if (!mayBeColumn(document, path))
    return { diagnostic: createDiagnostic("ref-not-a-column", at(), { ref }) };
  return { target: { document, path } };
}

function namesAt(root: unknown, path: JsonPath): string[] {
  const value = valueAt(root, path);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** Whether a path can hold a schema: in a spec where the language has one, in another file anywhere. */
function mayBeColumn({ file, value }: JsonDocument, path: JsonPath): boolean {
  const target = valueAt(value, path);
  if (typeof target !== "object" || target === null || Array.isArray(target)) return false;
  return isSpecFile(file) ? isColumnPath(path) : path.length !== 1 || !schemaMaps.has(path[0]);
}

/** Keywords whose values are no schemas, but hold some by name. */
const schemaMaps: ReadonlySet<unknown> = new Set(["$defs", "definitions", "properties"]);

function isColumnPath(path: JsonPath): boolean {
  const steps = [...path];
  while (steps.length > 0) {
    const keyword = steps.shift();
    if (keyword === "properties" || keyword === "$defs" || keyword === "anyOf" || keyword === "oneOf") {
      if (steps.shift() === undefined) return false;
    } else if (keyword !== "items" && keyword !== "additionalProperties") {
      return false;
    }
  }
  return path.length > 0;
}
