import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { compile, type JSONSchema } from "json-schema-to-typescript";
import { Project, StructureKind } from "ts-morph";

// The floor of a compile: the named tools over the same specs, and nothing else.
const typeImport = { kind: StructureKind.ImportDeclaration, moduleSpecifier: "stemma" } as const;
const folder = process.argv[2];
if (folder !== undefined) {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith(".feature.json")) continue;
    const { $schema, feature, ...schema } = JSON.parse(await readFile(join(folder, name), "utf8"));
    const closed: JSONSchema = { ...schema, additionalProperties: false };
    const text = await compile(closed, "Row", { bannerComment: "" });
    const statements = [{ ...typeImport, namedImports: ["Feature"] }, text];
    project.createSourceFile("module.ts", { statements }, { overwrite: true }).getFullText();
  }
}
