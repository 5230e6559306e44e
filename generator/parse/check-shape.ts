import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { isSpecFile } from "../source/index.ts";
import type { JsonDocument, JsonPath } from "../source/json-document.ts";
import { printPointer, readPointer, valueAt } from "../source/json-pointer.ts";
import { metaSchema } from "./meta-schema.ts";
import type { ShapeProblem } from "./shape-problem.ts";
import { type ShapeRef, validateShape } from "./validate-shape.ts";

/** Outcome of checking a part of a document against the meta-schema. */
export interface CheckedShape {
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the value at a path of the document, and all in it, has the right shape; unknown keywords aside. */
  isValid(path: JsonPath): boolean;
}

/** Checks the value at a path of a document against a part of the meta-schema. */
export function checkShape(document: JsonDocument, path: JsonPath, ref: ShapeRef): CheckedShape {
  const diagnostics: Diagnostic[] = [];
  const invalid = new Set<string>();
  for (const problem of validateShape(ref, valueAt(document.value, path))) {
    if (isSchemaDeclaration(problem, path)) continue;
    const steps = [...path, ...readPointer(problem.pointer)];
    for (const diagnostic of shapeDiagnostics(problem, document, steps)) diagnostics.push(diagnostic);
    if (problem.kind === "unknown-keyword") continue;
    for (let length = steps.length; length >= 0; length -= 1) {
      invalid.add(printPointer(steps.slice(0, length)));
    }
  }
  return { diagnostics, isValid: (requested) => !invalid.has(printPointer(requested)) };
}

/** A file that is one column schema as a whole may name the schema of its language, as a spec does. */
function isSchemaDeclaration(problem: ShapeProblem, path: JsonPath): boolean {
  return (
    path.length === 0 &&
    problem.kind === "unknown-keyword" &&
    problem.name === "$schema" &&
    problem.pointer === ""
  );
}

/** Reports a problem of shape at a path of a document; items that occur twice one by one. */
function shapeDiagnostics(problem: ShapeProblem, document: JsonDocument, path: JsonPath): Diagnostic[] {
  const at = document.locate(path);
  const subject = path.length === 0 ? documentSubject(document) : subjectOf(path);
  switch (problem.kind) {
    case "unknown-keyword": {
      const { name, known } = problem;
      const owner = keywordOwner(name);
      const suggestion = owner === undefined ? suggest(name, known) : undefined;
      const facts = { name, subject, suggestion, owner };
      return [createDiagnostic("unknown-keyword", document.locateKey([...path, name]), facts)];
    }
    case "missing-keyword":
      return [
        createDiagnostic("missing-keyword", at, { name: problem.name, subject, example: problem.example }),
      ];
    case "wrong-type": {
      const { value, expected, tags } = problem;
      const rewritten = suggestRewrite(value, expected, tags);
      return [createDiagnostic("wrong-type", at, { subject, expected, value, rewritten })];
    }
    case "wrong-value": {
      const { value, allowed, orTypes } = problem;
      const suggestion = typeof value === "string" ? suggest(value, allowed.map(String)) : undefined;
      return [createDiagnostic("wrong-value", at, { subject, value, allowed, orTypes, suggestion })];
    }
    case "out-of-range":
      return [
        createDiagnostic("number-out-of-range", at, { subject, value: problem.value, range: problem.range }),
      ];
    case "empty-list":
      return [createDiagnostic("empty-list", at, { subject, list: listPath(path) })];
    case "duplicate-items":
      return repeatedIndices(problem.items).map((index) =>
        createDiagnostic("duplicate-item", document.locate([...path, index]), {
          subject,
          value: problem.items[index],
        }),
      );
    case "bad-key": {
      const { key } = problem;
      const reason = keyProblem(key) ?? "it does not follow the rules of keys";
      return [createDiagnostic("bad-key", at, { key, problem: reason, suggestion: similarKey(key) })];
    }
    case "open-row":
      return [createDiagnostic("open-row", document.locateKey(path), { value: problem.value })];
  }
}

/** How a sentence speaks of the value of a file. */
function documentSubject({ file }: JsonDocument): string {
  return isSpecFile(file) ? "the spec" : "the file";
}

/** How a sentence speaks of the value at a path. */
function subjectOf(path: JsonPath): string {
  const name = path.findLast((step) => !isIndex(step));
  return name === path.at(-1) ? `"${name}"` : `an entry of "${name}"`;
}

/** The keywords that lead to a list, without indices. */
function listPath(path: JsonPath): string {
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

/** Why a text is not the key of a feature or field; nothing for a key. */
function keyProblem(key: string): string | undefined {
  if (key === "") return "it is empty";
  if (key.includes("__")) return 'it has "__", which joins the parts of a key in table names';
  const parts = key.split("/");
  if (parts.includes("")) return 'a part between "/" is empty';
  const invalidCharacter = /[^a-z0-9_/-]/u.exec(key)?.[0];
  if (invalidCharacter !== undefined) return `it has ${JSON.stringify(invalidCharacter)}`;
  if (/^[0-9-]/.test(key)) return "it does not begin with a letter or _";
  return parts.some((part) => part.startsWith("-")) ? 'a part begins with "-"' : undefined;
}

/** A key like the given text, if one comes out. */
function similarKey(text: string): string | undefined {
  const key = text
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[\s.]+/g, "_")
    .replace(/_{2,}/g, "_")
    .replace(/\/{2,}/g, "/")
    .replace(/^[/-]+|\/+$/g, "");
  return key !== text && keyProblem(key) === undefined ? key : undefined;
}

/** The objects of a spec that have keywords of their own, as a sentence speaks of them. */
const ownerPhrases: Readonly<Record<string, string>> = {
  feature: '"feature"',
  dep: 'an entry of "deps"',
  field: 'an entry of "fields"',
  column: "the schema of a column",
};

/** Where a keyword of the language belongs, if it is the keyword of one kind of object only. */
function keywordOwner(keyword: string): string | undefined {
  const owners = Object.keys(ownerPhrases).filter((name) =>
    Object.hasOwn(metaSchema.$defs[name]?.properties ?? {}, keyword),
  );
  const [owner] = owners;
  return owners.length === 1 && owner !== undefined ? ownerPhrases[owner] : undefined;
}

/** A value of the wrong type as it was probably meant, as JSON; nothing where that can't be told. */
function suggestRewrite(
  value: unknown,
  expected: readonly string[],
  tags: readonly string[],
): string | undefined {
  if (expected.includes("string") && (typeof value === "number" || typeof value === "boolean")) {
    return JSON.stringify(String(value));
  }
  if (typeof value !== "string") return undefined;
  if (tags.includes(value)) return `{ "type": ${JSON.stringify(value)} }`;
  if (expected.includes("boolean") && (value === "true" || value === "false")) return value;
  if (expected.some((type) => type === "number" || type === "integer") && /^-?\d+(\.\d+)?$/.test(value)) {
    return String(Number(value));
  }
  return expected.includes("array") ? JSON.stringify([value]) : undefined;
}
