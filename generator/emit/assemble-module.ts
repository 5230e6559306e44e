import type { ts } from "ts-morph";
import { type Memo, noMemo } from "../pipeline/index.ts";

/** What a module declares before its value, part by part. */
export interface ModuleParts {
  readonly header: string;
  readonly typeImport: { readonly name: string; readonly from: string };
  readonly interfaces: readonly string[];
}

/** Puts together what a module declares before its value. */
export type AssembleModule = (parts: ModuleParts) => Promise<string>;

/** Makes the function that puts modules together with ts-morph, which is loaded for the first that is not in the cache. */
export function moduleAssembler(memo: Memo = noMemo): AssembleModule {
  let loading: Promise<(parts: ModuleParts) => string> | undefined;
  return async (parts) => {
    const slot = memo("declarations", JSON.stringify(parts));
    const cached = slot.text();
    if (cached !== undefined) return cached;
    loading ??= loadAssembler();
    return slot.store((await loading)(parts));
  };
}

/** Takes half a second. */
async function loadAssembler(): Promise<(parts: ModuleParts) => string> {
  const { Project, QuoteKind, StructureKind, ts } = await import("ts-morph");
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
    manipulationSettings: { quoteKind: QuoteKind.Double },
  });

  return ({ header, typeImport, interfaces }) => {
    const file = project.createSourceFile(
      "module.ts",
      {
        statements: [
          header,
          {
            kind: StructureKind.ImportDeclaration,
            isTypeOnly: true,
            namedImports: [typeImport.name],
            moduleSpecifier: typeImport.from,
          },
          `\n${interfaces.join("\n\n")}`,
        ],
      },
      { overwrite: true },
    );
    const text = file.getFullText();
    return applyEdits(text, readonlyEdits(ts, file.compilerNode));
  };
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Makes what is nested in interfaces readonly: members of objects, and lists. */
function readonlyEdits(compiler: typeof ts, file: ts.SourceFile): readonly Insertion[] {
  const edits: Insertion[] = [];
  const visit = (node: ts.Node): void => {
    const at = node.getStart(file);
    if (compiler.isPropertySignature(node) || compiler.isIndexSignatureDeclaration(node)) {
      if (node.modifiers === undefined) edits.push({ at, text: "readonly " });
    } else if (compiler.isArrayTypeNode(node) || compiler.isTupleTypeNode(node)) {
      const inArray = compiler.isArrayTypeNode(node.parent);
      edits.push({ at, text: inArray ? "(readonly " : "readonly " });
      if (inArray) edits.push({ at: node.getEnd(), text: ")" });
    }
    node.forEachChild(visit);
  };
  for (const statement of file.statements) if (compiler.isInterfaceDeclaration(statement)) visit(statement);
  return edits;
}

/** Those at one place go in one after the other. */
function applyEdits(text: string, edits: readonly Insertion[]): string {
  const ordered = [...edits].sort((a, b) => a.at - b.at);
  let copiedTo = 0;
  const pieces = ordered.flatMap(({ at, text: inserted }) => {
    const before = text.slice(copiedTo, at);
    copiedTo = at;
    return [before, inserted];
  });
  return pieces.join("") + text.slice(copiedTo);
}
