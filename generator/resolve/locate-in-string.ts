import type { Location } from "../diagnostics/diagnostic.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { splitLines } from "../source/text-lines.ts";

/**
 * Where a part of a JSON string's value stands; `start` and `end` count UTF-16 units of the value.
 *
 * A JSON string stands on one line, so its line is all that is needed.
 */
export function locateInString(
  document: JsonDocument,
  path: JsonPath,
  span: { readonly start: number; readonly end: number },
): Location {
  const string = document.locate(path);
  const line = splitLines(document.text)[string.line - 1] ?? "";
  const source = line.slice(string.column - 1);
  const start = sourceOffset(source, span.start);
  const end = sourceOffset(source, span.end);
  return { ...string, column: string.column + start, length: Math.max(1, end - start) };
}

const escapeOrUnit = /\\u[0-9a-fA-F]{4}|\\.|[\s\S]/y;

/** Offset in a JSON string literal, its opening quote included, of the value's unit at `index`. */
function sourceOffset(literal: string, index: number): number {
  escapeOrUnit.lastIndex = 1;
  for (let unit = 0; unit < index; unit += 1) escapeOrUnit.exec(literal);
  return escapeOrUnit.lastIndex;
}
