import ts from "typescript";

/** Globals that read or change something outside of a program. */
const globals = new Set([
  "process",
  "globalThis",
  "console",
  "performance",
  "navigator",
  "fetch",
  "crypto",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "__dirname",
  "__filename",
]);

/** Members that read the clock, chance, or the locale of the machine, whatever they are called on. */
const members = new Set([
  "localeCompare",
  "now",
  "random",
  "toLocaleLowerCase",
  "toLocaleString",
  "toLocaleUpperCase",
]);

/** Places in a file where code depends on the machine that it runs on, or acts on it. */
export function machineFactsIn(file: string, text: string): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (dependsOnMachine(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}:${line + 1} uses ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function dependsOnMachine(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return members.has(node.name.text);
  if (ts.isNewExpression(node)) return node.expression.getText() === "Date" && !node.arguments?.length;
  return ts.isIdentifier(node) && globals.has(node.text) && !isName(node);
}

/** Whether an identifier only names a member or an import, and does not stand for a global. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    ts.isPropertySignature(parent) ||
    (ts.isMethodSignature(parent) && parent.name === node) ||
    ts.isImportSpecifier(parent)
  );
}
