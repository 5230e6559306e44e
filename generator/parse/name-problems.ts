import { type Diagnostic, type Location, report } from "../diagnostics/diagnostic.ts";
import type { Place } from "./schema-node.ts";

/** Prefixes of the names that belong to the system, in any case. */
const reservedPrefixes = ["metaxy_", "stemma_"];

/** What is wrong with the names of columns that go into one table. */
export function* columnNameProblems(columns: ReadonlyMap<string, Place>): Iterable<Diagnostic> {
  yield* nameProblems(columns);
  for (const [name, place] of columns) {
    const prefix = reservedPrefix(name);
    if (prefix === undefined) continue;
    yield report("reserved-column-name", place.document.locateKey(place.path), { name, prefix });
  }
}

/** What is wrong with names that stand beside each other: of columns, or of members of one object. */
export function* nameProblems(properties: ReadonlyMap<string, Place>): Iterable<Diagnostic> {
  const names = new Map<string, string>();
  for (const [name, place] of properties) {
    const at = (): Location => place.document.locateKey(place.path);
    const problem = nameProblem(name);
    if (problem !== undefined) yield report("bad-column-name", at(), { name, problem });
    const other = names.get(foldCase(name));
    if (other === undefined) names.set(foldCase(name), name);
    else yield report("names-differ-in-case", at(), { name, other });
  }
}

/** The prefix that makes a name a reserved one. */
export function reservedPrefix(name: string): string | undefined {
  return reservedPrefixes.find((reserved) => name.toLowerCase().startsWith(reserved));
}

/** Why a name can't be that of a column, wherever it stands. */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (/\p{Cc}/u.test(name)) return "it has a control character";
  return name === "__proto__" ? "JavaScript gives it a meaning of its own" : undefined;
}

/** A name as DuckDB compares it: it takes A and a for one, but not Ä and ä. */
export function foldCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
