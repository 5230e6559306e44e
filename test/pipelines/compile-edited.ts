import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compileProject } from "../../generator/index.ts";
import { importGenerated } from "../support/import-generated.ts";
import type { GeneratedIndex, SpecEdit } from "./run-steps.ts";

const schemas = fileURLToPath(new URL("../../schemas/", import.meta.url));

/** Compiles the specs of some pipelines after edits, and imports the generated index. */
export async function compileEdited(
  folders: readonly string[],
  hashLength: number,
  edits: readonly SpecEdit[],
): Promise<GeneratedIndex> {
  const sources: Record<string, string> = {};
  for (const folder of folders) {
    for (const file of await readdir(`${schemas}${folder}`)) {
      const text = await readFile(`${schemas}${folder}/${file}`, "utf8");
      sources[`schemas/${folder}/${file}`] = edits
        .filter(({ spec }) => file === `${spec}.feature.json`)
        .reduce((edited, { from, to }) => edited.replace(from, to), text);
    }
  }
  const { files, diagnostics } = await compileProject(sources, {
    project: "stemma-pipelines",
    hashLength,
    schemas: "schemas",
    generated: "generated",
    importExtension: ".js",
  });
  if (files.length === 0) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return (await importGenerated(files)) as GeneratedIndex;
}
