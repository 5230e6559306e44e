import { printType } from "../../runtime/columns/column-type.ts";
import { type Diagnostic, type Location, report } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import type { JsonDocument } from "../source/json-document.ts";
import type { ParsedColumns } from "./parse-columns.ts";
import type { WrittenItem } from "./written-list.ts";

/** What is wrong with id columns. One that is declared, but whose schema is reported, is not judged. */
export function* idColumnProblems(
  ids: readonly WrittenItem<string>[],
  { declared, required }: ParsedColumns,
  document: JsonDocument,
): Iterable<Diagnostic> {
  for (const { value: column, path } of ids) {
    const at = (): Location => document.locate(path);
    const found = declared.get(column);
    if (!declared.has(column)) {
      yield report("id-column-unknown", at(), { column, suggestion: suggest(column, declared.keys()) });
    } else if (!required.has(column) || found?.nullable === true) {
      yield report("id-column-nullable", at(), { column, required: required.has(column) });
    }
    if (found !== undefined && found.type.kind !== "scalar") {
      yield report("id-column-type", at(), { column, type: printType(found.type) });
    }
  }
}
