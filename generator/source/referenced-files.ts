import type { JsonDocument } from "./json-document.ts";
import { readReference } from "./reference.ts";

/**
 * The other files that the `$ref`s of a document name, as paths relative to the project.
 *
 * Whoever reads specs from a disk asks for these too, and for those that they name in turn.
 */
export function referencedFiles(document: Pick<JsonDocument, "file" | "value">): ReadonlySet<string> {
  const files = new Set<string>();
  for (const ref of refsIn(schemasOf(document.value))) {
    const target = readReference(ref, document.file);
    if (target.kind === "local" && target.file !== document.file) files.add(target.file);
  }
  return files;
}

/** A spec without its `feature`, whose metadata may hold anything. */
function schemasOf(value: unknown): unknown {
  return typeof value === "object" ? { ...value, feature: undefined } : value;
}

function* refsIn(value: unknown): Iterable<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    if (name === "$ref" && typeof child === "string") yield child;
    else yield* refsIn(child);
  }
}
