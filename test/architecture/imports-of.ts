import { posix } from "node:path";
import ts from "typescript";

/** An import of one file, wherever it stands: a statement, a re-export, `import()`, or an imported type. */
export interface Import {
  readonly file: string;
  readonly line: number;
  /** A path in the repository, or the name of a module. */
  readonly target: string;
  /** Gone when the types are. */
  readonly isTypeOnly: boolean;
}

/** All imports of a file, in order. */
export function importsOf(file: string, text: string): readonly Import[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const imported = importedBy(node);
    if (imported !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ file, line: line + 1, ...imported, target: inRepository(file, imported.target) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function importedBy(node: ts.Node): Pick<Import, "target" | "isTypeOnly"> | undefined {
  if (ts.isImportDeclaration(node)) return imported(node.moduleSpecifier, isTypeImport(node.importClause));
  if (ts.isExportDeclaration(node)) return imported(node.moduleSpecifier, isTypeExport(node));
  if (ts.isImportTypeNode(node)) {
    return imported(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return imported(node.arguments[0], false);
  }
  return undefined;
}

function imported(specifier: ts.Node | undefined, isTypeOnly: boolean) {
  return specifier && ts.isStringLiteralLike(specifier) ? { target: specifier.text, isTypeOnly } : undefined;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = clause;
  return name === undefined && namedBindings !== undefined && isListOfTypes(namedBindings);
}

function isTypeExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  return isTypeOnly || (exportClause !== undefined && isListOfTypes(exportClause));
}

function isListOfTypes(names: ts.NamedImportBindings | ts.NamedExportBindings): boolean {
  return (
    (ts.isNamedImports(names) || ts.isNamedExports(names)) &&
    names.elements.length > 0 &&
    names.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

function inRepository(file: string, specifier: string): string {
  return specifier.startsWith(".") ? posix.join(posix.dirname(file), specifier) : specifier;
}
