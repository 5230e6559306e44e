import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import { splitLines } from "../diagnostics/source-lines.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { foldCase, nameProblem, reservedName } from "../parse/name-problems.ts";
import type { ParsedSpec } from "../parse/parsed-spec.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { offsetInLiteral } from "../source/string-literal.ts";
import { lineageRules } from "./lineage-rules.ts";
import type { LinkedDep } from "./linked-feature.ts";

/** What is wrong with a dep by itself. What may only follow from a wrong rename is not said. */
export function* checkDep(dep: LinkedDep, feature: ParsedSpec): Iterable<Diagnostic> {
  const renames = [...checkRename(dep, feature)];
  yield* renames;
  if (renames.length > 0) return;
  yield* checkSelect(dep, feature);
  yield* checkWhere(dep, feature);
  yield* lineageRules[dep.lineage.type].check(dep, feature);
}

/** Whether its renames and lineage are right, so that what it brings can be judged together with other deps. */
export function isJoinable(dep: LinkedDep, feature: ParsedSpec): boolean {
  const problems = [...checkRename(dep, feature), ...lineageRules[dep.lineage.type].check(dep, feature)];
  return problems.length === 0;
}

function* checkRename({ parsed, upstream }: LinkedDep, feature: ParsedSpec): Iterable<Diagnostic> {
  const renames = Object.entries(parsed.rename);
  if (renames.length === 0) return;
  const columns = upstream.columns.map((column) => column.name);
  const kept = new Map(
    columns.filter((name) => !Object.hasOwn(parsed.rename, name)).map((name) => [foldCase(name), name]),
  );
  const taken = new Map<string, string>();
  for (const [from, to] of renames) {
    const path = [...parsed.path, "rename", from];
    const at = (): SourceSpan => feature.document.locate(path);
    const facts = { from, to, upstream: upstream.key };
    const reserved = reservedName(to);
    const problem = nameProblem(to);
    const existing = kept.get(foldCase(to));
    const other = taken.get(foldCase(to));
    if (!columns.includes(from)) {
      const unknown = { suggestion: suggest(from, columns), known: columns };
      yield createDiagnostic("rename-unknown-column", feature.document.locateKey(path), {
        ...facts,
        ...unknown,
      });
    } else if (reserved !== undefined) {
      yield createDiagnostic("reserved-column-name", at(), { name: to, reserved });
    } else if (problem !== undefined) {
      yield createDiagnostic("bad-column-name", at(), { name: to, problem });
    } else if (existing !== undefined) {
      yield createDiagnostic("rename-onto-column", at(), { ...facts, existing });
    } else if (other !== undefined) {
      yield createDiagnostic("rename-twice", at(), { ...facts, other });
    }
    taken.set(foldCase(to), from);
  }
}

function* checkSelect({ parsed, upstream, names }: LinkedDep, feature: ParsedSpec): Iterable<Diagnostic> {
  for (const [index, column] of (parsed.select ?? []).entries()) {
    if (names.has(column)) continue;
    yield createDiagnostic(
      "select-unknown-column",
      feature.document.locate([...parsed.path, "select", index]),
      {
        column,
        upstream: upstream.key,
        renamedTo: newName(names, column),
        suggestion: suggest(column, names.keys()),
        known: [...names.keys()],
      },
    );
  }
}

function* checkWhere({ parsed, where, names }: LinkedDep, feature: ParsedSpec): Iterable<Diagnostic> {
  for (const [index, result] of where.entries()) {
    if (result.ok) continue;
    for (const { code, at, message, hint, name } of result.problems) {
      const location = locateInString(feature.document, [...parsed.path, "where", index], at);
      const renamedTo = name === undefined ? undefined : newName(names, name);
      yield createDiagnostic(whereCodes[code], location, { message, hint, renamedTo });
    }
  }
}

const whereCodes = {
  "filter-syntax": "where-syntax",
  "unknown-column": "where-unknown-column",
  "filter-type": "where-type",
} as const;

/** The name after rename of a column that the upstream has under `column`. */
function newName(names: LinkedDep["names"], column: string): string | undefined {
  for (const [name, source] of names) if (source.name === column && name !== column) return name;
  return undefined;
}

/**
 * The place of a part of a JSON string's value; `start` and `end` count UTF-16 units of the value.
 *
 * A JSON string is on one line, so its line is all that is needed.
 */
function locateInString(
  document: JsonDocument,
  path: JsonPath,
  span: { readonly start: number; readonly end: number },
): SourceSpan {
  const string = document.locate(path);
  const line = splitLines(document.text)[string.line - 1] ?? "";
  const source = line.slice(string.column - 1);
  const start = offsetInLiteral(source, span.start);
  const end = offsetInLiteral(source, span.end);
  return { ...string, column: string.column + start, length: Math.max(1, end - start) };
}
