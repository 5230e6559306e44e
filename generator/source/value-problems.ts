import type { NumberNode, StringNode, ValueNode } from "@humanwhocodes/momoa";
import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { nameOf, rangeOf } from "./json-tree.ts";
import { offsetInLiteral } from "./string-literal.ts";
import type { TextLines } from "./text-lines.ts";

/** What is wrong with the values of a JSON text: names that occur twice, numbers and texts that would be altered. */
export function* valueProblems(node: ValueNode, text: string, lines: TextLines): Iterable<Diagnostic> {
  switch (node.type) {
    case "Object": {
      const names = new Set<string>();
      for (const member of node.members) {
        const name = nameOf(member);
        if (names.has(name))
          yield createDiagnostic("json-duplicate-key", lines.locate(...rangeOf(member.name)), { name });
        names.add(name);
        if (member.name.type === "String") yield* surrogateProblem(member.name, text, lines);
        yield* valueProblems(member.value, text, lines);
      }
      return;
    }
    case "Array":
      for (const element of node.elements) yield* valueProblems(element.value, text, lines);
      return;
    case "String":
      return yield* surrogateProblem(node, text, lines);
    case "Number":
      return yield* numberProblem(node, text, lines);
  }
}

/** Half of a surrogate pair is no character: it can be neither hashed nor stored as UTF-8. */
function* surrogateProblem(node: StringNode, text: string, lines: TextLines): Iterable<Diagnostic> {
  const index = node.value.search(/\p{Surrogate}/u);
  if (index === -1) return;
  const [start, end] = rangeOf(node);
  const literal = text.slice(start, end);
  const range = [offsetInLiteral(literal, index), offsetInLiteral(literal, index + 1)] as const;
  const codeUnit = node.value.charCodeAt(index).toString(16);
  yield createDiagnostic("json-lone-surrogate", lines.locate(start + range[0], start + range[1]), {
    codeUnit,
  });
}

/** An integer that JavaScript would round, or a number that it takes for infinite. */
function* numberProblem(node: NumberNode, text: string, lines: TextLines): Iterable<Diagnostic> {
  const written = text.slice(...rangeOf(node));
  const rounded = /^-?\d+$/.test(written) && BigInt(written) !== BigInt(node.value);
  if (!rounded && Number.isFinite(node.value)) return;
  yield createDiagnostic("json-number", lines.locate(...rangeOf(node)), { written, read: node.value });
}
