import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import type { GeneratedFile } from "../../generator/index.ts";

/** Strips the types of generated modules, writes them to a fresh folder and imports their index. */
export async function importGenerated(files: readonly GeneratedFile[]): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), "stemma-generated-"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  for (const { path, text } of files.filter((file) => file.path.endsWith(".ts"))) {
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        verbatimModuleSyntax: true,
      },
    });
    const target = join(folder, path.replace(/\.ts$/, ".js"));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, outputText);
  }
  return import(pathToFileURL(join(folder, "generated/index.js")).href) as Promise<Record<string, unknown>>;
}
