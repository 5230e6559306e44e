import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import type { RenamedKind } from "../diagnostics/rename-rules.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { valueAt } from "../source/json-pointer.ts";
import type { CheckedShape } from "./check-shape.ts";
import type { FieldEntry } from "./feature-spec.ts";
import { foldCase, nameProblem, reservedName } from "./name-problems.ts";
import type { ListItem } from "./valid-items.ts";

/** A name that was another one. */
interface Renamed {
  readonly name: string;
  readonly from: string;
  /** Path of `renamedFrom`. */
  readonly path: JsonPath;
}

/** What is wrong with the `renamedFrom` of a spec by itself. */
export function* renamedFromProblems(
  document: JsonDocument,
  shape: CheckedShape,
  columns: Iterable<string>,
  fields: readonly ListItem<FieldEntry>[],
): Iterable<Diagnostic> {
  const names = [...columns];
  const renamedColumns = names.flatMap((name) => renamedAt(document, shape, ["properties", name], name));
  for (const { from, path } of renamedColumns) yield* nameProblems(from, document.locate(path));
  yield* problemsAmong("column", renamedColumns, new Set(names.map(foldCase)), document);

  const keys = fields.map(({ value }) => (typeof value === "string" ? value : value.key));
  const renamedFields = fields.flatMap(({ path }, index) =>
    renamedAt(document, shape, path, keys[index] ?? ""),
  );
  yield* problemsAmong("field", renamedFields, new Set(keys), document);

  const key = valueAt(document.value, ["feature", "key"]);
  const renamedFeature = renamedAt(document, shape, ["feature"], String(key));
  yield* problemsAmong("feature", renamedFeature, new Set(), document);
}

function renamedAt(document: JsonDocument, shape: CheckedShape, parent: JsonPath, name: string): Renamed[] {
  const path = [...parent, "renamedFrom"];
  const from = valueAt(document.value, path);
  return typeof from === "string" && shape.isValid(path) ? [{ name, from, path }] : [];
}

function* problemsAmong(
  kind: RenamedKind,
  renamed: readonly Renamed[],
  existing: ReadonlySet<string>,
  document: JsonDocument,
): Iterable<Diagnostic> {
  // DuckDB compares the names of columns without their case.
  const fold = kind === "column" ? foldCase : (name: string) => name;
  const known = new Map<string, string>();
  for (const { name, from, path } of renamed) {
    const at = (): SourceSpan => document.locate(path);
    const other = known.get(fold(from));
    if (fold(from) === fold(name)) yield createDiagnostic("renamed-from-itself", at(), { kind, from, name });
    else if (existing.has(fold(from))) yield createDiagnostic("renamed-from-exists", at(), { kind, from });
    else if (other !== undefined) yield createDiagnostic("renamed-from-twice", at(), { kind, from, other });
    else known.set(fold(from), name);
  }
}

function* nameProblems(name: string, at: SourceSpan): Iterable<Diagnostic> {
  const problem = nameProblem(name);
  const reserved = reservedName(name);
  if (problem !== undefined) yield createDiagnostic("bad-column-name", at, { name, problem });
  // A name that is no longer free may be what a column was called.
  if (reserved?.kind === "prefix") yield createDiagnostic("reserved-column-name", at, { name, reserved });
}
