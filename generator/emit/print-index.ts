import type { FeatureModel } from "../resolve/project-model.ts";
import { compareText } from "../source/compare-text.ts";
import { header } from "./header.ts";
import { quoted } from "./print-string.ts";
import { lineWidth } from "./print-value.ts";

/** What the index is made of. */
export interface IndexFacts {
  readonly schemas: string;
  readonly project: string;
  readonly projectVersion: string;
  readonly importExtension: string;
  /** Upstream first. */
  readonly features: readonly FeatureModel[];
}

/**
 * Prints the module that exports all features by name, and the project that they are of. Its type has no name of its own
 * there: a feature may be called Project.
 */
export function printIndex({
  features,
  schemas,
  project,
  projectVersion,
  importExtension,
}: IndexFacts): string {
  const modules = [...features].sort((a, b) => compareText(a.module, b.module));
  const pathOf = (feature: FeatureModel) => quoted(`./${feature.module}${importExtension}`);
  const imports = modules.map((feature) => `import { ${feature.name} } from ${pathOf(feature)};`);
  const exports = modules.map((feature) => printExport(exportedNames(feature), pathOf(feature)));
  const names = features.map(({ name }) => `    ${name},\n`).join("");
  return [
    header(`${schemas}/`, "specs"),
    ...imports,
    "",
    ...exports,
    "",
    "/** The project, the version of all its definitions together, and its features, upstream first. */",
    `export const project: import("stemma").Project = {
  name: ${quoted(project)},
  version: ${quoted(projectVersion)},
  features: [${names === "" ? "" : `\n${names}  `}],
};`,
    "",
  ].join("\n");
}

function printExport(names: readonly string[], from: string): string {
  const line = `export { ${names.join(", ")} } from ${from};`;
  return line.length <= lineWidth
    ? line
    : `export {\n${names.map((name) => `  ${name},\n`).join("")}} from ${from};`;
}

function exportedNames({ name, deps }: FeatureModel): readonly string[] {
  const types = deps.length === 0 ? ["Row", "Types"] : ["Input", "Row", "Types"];
  return [name, ...types.map((suffix) => `type ${name}${suffix}`)];
}
