import { parse, type ValueNode } from "@humanwhocodes/momoa";
import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { withoutByteOrderMark } from "../diagnostics/source-lines.ts";
import type { JsonDocument } from "./json-document.ts";
import { evaluate, nameNodeAt, nodeAt, rangeOf } from "./json-tree.ts";
import { maxDepth, type ScanProblem, scanJson } from "./scan-json.ts";
import { explainSyntax, failureOffset } from "./syntax-problem.ts";
import { TextLines } from "./text-lines.ts";
import { valueProblems } from "./value-problems.ts";

/** A text read as JSON; without a document where it is not JSON. */
export interface ReadDocument {
  readonly document: JsonDocument | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** How many characters a file may have. */
const maxTextLength = 1_000_000;

/** Reads a text as JSON, with the place of every part of it. */
export function readJsonDocument(file: string, source: string): ReadDocument {
  const text = withoutByteOrderMark(source);
  if (text.length > maxTextLength) {
    const at = { file, line: 1, column: 1, length: 1 };
    return rejected(
      createDiagnostic("json-too-large", at, { characters: text.length, limit: maxTextLength }),
    );
  }
  const lines = new TextLines(file, text);
  const scanned = scanJson(text);
  if (scanned !== undefined) return rejected(scanDiagnostic(scanned, lines));

  const root = parseText(text);
  if (typeof root === "number") {
    const { start, end, detail } = explainSyntax(text, root);
    return rejected(createDiagnostic("json-syntax", lines.locate(start, end), { detail }));
  }
  return {
    document: locatedDocument(file, text, evaluate(root)),
    diagnostics: [...valueProblems(root, text, lines)],
  };
}

/** The document of a text in which nothing is wrong: it was read before. */
export function lazyJsonDocument(file: string, source: string): JsonDocument {
  const text = withoutByteOrderMark(source);
  let cached: { readonly value: unknown } | undefined;
  return {
    ...locatedDocument(file, text, undefined),
    get value() {
      cached ??= { value: JSON.parse(text) };
      return cached.value;
    },
  };
}

/**
 * A document of a text that is JSON, and of its value.
 *
 * Where its parts stand is found out anew when somebody asks: mostly nobody does, and a tree takes much memory.
 */
function locatedDocument(file: string, text: string, value: unknown): JsonDocument {
  let cached: { readonly root: ValueNode; readonly lines: TextLines } | undefined;
  const tree = (): NonNullable<typeof cached> => {
    cached ??= { root: parse(text).body, lines: new TextLines(file, text) };
    return cached;
  };
  return {
    file,
    text,
    value,
    locate: (path) => {
      const { root, lines } = tree();
      return lines.locate(...rangeOf(nodeAt(root, path)));
    },
    locateKey: (path) => {
      const { root, lines } = tree();
      return lines.locate(...rangeOf(nameNodeAt(root, path)));
    },
  };
}

function rejected(diagnostic: Diagnostic): ReadDocument {
  return { document: undefined, diagnostics: [diagnostic] };
}

function scanDiagnostic({ kind, start, end }: ScanProblem, lines: TextLines): Diagnostic {
  const at = lines.locate(start, end);
  switch (kind) {
    case "too-deep":
      return createDiagnostic("json-too-deep", at, { limit: maxDepth });
    case "unclosed-string":
      return createDiagnostic("json-syntax", at, { detail: "a string is not closed on its line" });
    case "control-character":
      return createDiagnostic("json-syntax", at, {
        detail: "a string contains a control character; write it as an escape, like \\t",
      });
  }
}

/** The root of the tree, or the offset at which the parser gave up. */
function parseText(text: string): ValueNode | number {
  try {
    return parse(text).body;
  } catch (error) {
    return failureOffset(error);
  }
}
