import ts from "typescript";
import { describe, expect, it } from "vitest";
import { importsOf } from "./imports-of.ts";
import { sourceFiles, textOf } from "./source-files.ts";

const files = sourceFiles("generator", "runtime").map((file) => ({ file, text: textOf(file) }));
const written = files.filter(({ text }) => !text.startsWith("// @generated"));

describe("source files", () => {
  it("have at most 300 lines", () => {
    const long = written.map(({ file, text }) => ({ file, lines: text.split("\n").length - 1 }));
    expect(long.filter(({ lines }) => lines > 300)).toEqual([]);
  });

  it("are named after what they do, in kebab-case", () => {
    const paths = files.map(({ file }) => file);
    expect(paths.filter((path) => !/^[a-z0-9]+([-/][a-z0-9]+)*\.ts$/.test(path))).toEqual([]);
    expect(paths.filter((path) => /\/(utils?|helpers?|common|misc)[/.]/.test(path))).toEqual([]);
  });

  it("have no default export", () => {
    expect(files.filter(({ file, text }) => hasDefaultExport(file, text)).map(({ file }) => file)).toEqual(
      [],
    );
  });

  it("import each other in no circle, types aside", () => {
    const graph = new Map(files.map(({ file, text }) => [file, importedValues(file, text)]));
    expect(circlesIn(graph)).toEqual([]);
  });
});

function hasDefaultExport(file: string, text: string): boolean {
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  return statements.some((statement) => {
    if (ts.isExportAssignment(statement)) return true;
    if (ts.isExportDeclaration(statement)) {
      const names = statement.exportClause;
      return names && ts.isNamedExports(names) && names.elements.some(({ name }) => name.text === "default");
    }
    return ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(isDefault);
  });
}

function isDefault({ kind }: ts.Modifier): boolean {
  return kind === ts.SyntaxKind.DefaultKeyword;
}

function importedValues(file: string, text: string): readonly string[] {
  return importsOf(file, text)
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ target }) => target);
}

/** Circles of imports, each as a path that ends where it begins. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const circles: (readonly string[])[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) circles.push([...path.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    for (const target of graph.get(file) ?? []) walk(target, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return circles;
}
