import type { Location } from "../diagnostics/diagnostic.ts";
import { splitLines } from "../diagnostics/source-lines.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { offsetInLiteral } from "../source/string-literal.ts";

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
  const start = offsetInLiteral(source, span.start);
  const end = offsetInLiteral(source, span.end);
  return { ...string, column: string.column + start, length: Math.max(1, end - start) };
}
