import type { ReservedName } from "../diagnostics/column-rules.ts";
import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import type { SchemaLocation } from "./schema-node.ts";

/** Prefixes of the names that belong to the system, in any case. */
const reservedPrefixes = ["metaxy_", "stemma_"];

/** Names that no column may have, in any case, with the reason. Members of an object may. */
const reservedNames: ReadonlyMap<string, string> = new Map([
  ["rowid", "DuckDB numbers the rows of every table by it, in any case, and a column would hide that"],
]);

/** What is wrong with the names of columns that go into one table. */
export function* columnNameProblems(columns: ReadonlyMap<string, SchemaLocation>): Iterable<Diagnostic> {
  yield* nameProblems(columns);
  for (const [name, location] of columns) {
    const reserved = reservedName(name);
    if (reserved === undefined) continue;
    yield createDiagnostic("reserved-column-name", location.document.locateKey(location.path), {
      name,
      reserved,
    });
  }
}

/** What is wrong with names on one level: of columns, or of members of one object. */
export function* nameProblems(properties: ReadonlyMap<string, SchemaLocation>): Iterable<Diagnostic> {
  const names = new Map<string, string>();
  for (const [name, location] of properties) {
    const at = (): SourceSpan => location.document.locateKey(location.path);
    const problem = nameProblem(name);
    if (problem !== undefined) yield createDiagnostic("bad-column-name", at(), { name, problem });
    const other = names.get(foldCase(name));
    if (other === undefined) names.set(foldCase(name), name);
    else yield createDiagnostic("names-differ-in-case", at(), { name, other });
  }
}

/** Why a name is not free for a column; undefined where it is. */
export function reservedName(name: string): ReservedName | undefined {
  const prefix = reservedPrefixes.find((reserved) => name.toLowerCase().startsWith(reserved));
  if (prefix !== undefined) return { kind: "prefix", prefix };
  const reason = reservedNames.get(name.toLowerCase());
  return reason === undefined ? undefined : { kind: "name", reason };
}

/** Why a name can't be that of a column, at any level. */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (/\p{Cc}/u.test(name)) return "it has a control character";
  return name === "__proto__" ? "JavaScript gives it a meaning of its own" : undefined;
}

/** A name as DuckDB compares it: it takes A and a for one, but not Ä and ä. */
export function foldCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
