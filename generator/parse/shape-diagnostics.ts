import { type Diagnostic, report } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { isSpecFile } from "../source/index.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { keyProblem, similarKey } from "./key-problem.ts";
import { homeOf } from "./keyword-homes.ts";
import { rewrittenAs } from "./rewritten-as.ts";
import type { ShapeProblem } from "./shape-problem.ts";

/** Reports a problem of shape at a path of a document; items that stand twice one by one. */
export function shapeDiagnostics(
  problem: ShapeProblem,
  document: JsonDocument,
  path: JsonPath,
): Diagnostic[] {
  const at = document.locate(path);
  const subject = path.length === 0 ? wholeOf(document) : subjectOf(path);
  switch (problem.kind) {
    case "unknown-keyword": {
      const { name, known } = problem;
      const home = homeOf(name);
      const suggestion = home === undefined ? suggest(name, known) : undefined;
      const facts = { name, subject, suggestion, home };
      return [report("unknown-keyword", document.locateKey([...path, name]), facts)];
    }
    case "missing-keyword":
      return [report("missing-keyword", at, { name: problem.name, subject, example: problem.example })];
    case "wrong-type": {
      const { value, expected, tags } = problem;
      const rewritten = rewrittenAs(value, expected, tags);
      return [report("wrong-type", at, { subject, expected, value, rewritten })];
    }
    case "wrong-value": {
      const { value, allowed, orTypes } = problem;
      const suggestion = typeof value === "string" ? suggest(value, allowed.map(String)) : undefined;
      return [report("wrong-value", at, { subject, value, allowed, orTypes, suggestion })];
    }
    case "out-of-range":
      return [report("number-out-of-range", at, { subject, value: problem.value, range: problem.range })];
    case "empty-list":
      return [report("empty-list", at, { subject, list: listAt(path) })];
    case "duplicate-items":
      return repeatedIndices(problem.items).map((index) =>
        report("duplicate-item", document.locate([...path, index]), { subject, value: problem.items[index] }),
      );
    case "bad-key": {
      const { key } = problem;
      const reason = keyProblem(key) ?? "it does not follow the rules of keys";
      return [report("bad-key", at, { key, problem: reason, suggestion: similarKey(key) })];
    }
    case "open-row":
      return [report("open-row", document.locateKey(path), { value: problem.value })];
  }
}

/** How a sentence speaks of the value of a file. */
function wholeOf({ file }: JsonDocument): string {
  return isSpecFile(file) ? "the spec" : "the file";
}

/** How a sentence speaks of the value at a path. */
function subjectOf(path: JsonPath): string {
  const name = path.findLast((step) => !isIndex(step));
  return name === path.at(-1) ? `"${name}"` : `an entry of "${name}"`;
}

/** The keywords that lead to a list, without indices. */
function listAt(path: JsonPath): string {
  return path.filter((step) => !isIndex(step)).join(".");
}

function isIndex(step: string | number): boolean {
  return /^\d+$/.test(String(step));
}

function repeatedIndices(items: readonly unknown[]): number[] {
  const seen = new Set<string>();
  return [...items.keys()].filter((index) => {
    const text = JSON.stringify(items[index]);
    const isRepeated = seen.has(text);
    seen.add(text);
    return isRepeated;
  });
}
