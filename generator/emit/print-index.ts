import type { FeatureModel } from "../resolve/project-model.ts";
import { compareText } from "../source/compare-text.ts";
import { header } from "./header.ts";
import { quoted } from "./print-string.ts";
import { lineWidth, printValue } from "./print-value.ts";

/** What the index is made of. */
export interface IndexFacts {
  readonly schemas: string;
  readonly project: string;
  readonly projectVersion: string;
  readonly importExtension: string;
  readonly features: readonly FeatureModel[];
}

/** Prints the module that exports all features by name, and which project they are of. */
export function printIndex({
  features,
  schemas,
  project,
  projectVersion,
  importExtension,
}: IndexFacts): string {
  const modules = [...features].sort((a, b) => compareText(a.module, b.module));
  const exports = modules.map((feature) =>
    printExport(exportedNames(feature), `./${feature.module}${importExtension}`),
  );
  const value = printValue({ name: project, version: projectVersion }, 1);
  return [
    header(`${schemas}/`, "specs"),
    ...exports,
    "",
    "/** The project, and the version of all its definitions together. */",
    `export const project: { readonly name: string; readonly version: string } = ${value};`,
    "",
  ].join("\n");
}

function printExport(names: readonly string[], from: string): string {
  const line = `export { ${names.join(", ")} } from ${quoted(from)};`;
  return line.length <= lineWidth
    ? line
    : `export {\n${names.map((name) => `  ${name},\n`).join("")}} from ${quoted(from)};`;
}

function exportedNames({ name, deps }: FeatureModel): readonly string[] {
  const types = deps.length === 0 ? ["Row", "Types"] : ["Input", "Row", "Types"];
  return [name, ...types.map((suffix) => `type ${name}${suffix}`)];
}
