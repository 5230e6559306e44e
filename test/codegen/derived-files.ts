import { join } from "node:path";
import { withOverrides } from "./biome-overrides.ts";
import { compiledConfigSchema, compiledMetaSchema } from "./compiled-schemas.ts";
import { compiledTemplates } from "./compiled-templates.ts";
import { errorsPage } from "./errors-page.ts";
import { printSpecType } from "./spec-type.ts";

/** Prints a file that is derived from others; `read` reads a file of the repository. */
export type PrintDerived = (read: (path: string) => string, repository: string) => string | Promise<string>;

/** The committed files that are derived from others, by path, in the order in which they depend on each other. */
export const derivedFiles: Readonly<Record<string, PrintDerived>> = {
  "generator/parse/feature-spec.ts": (read) => printSpecType(read("schemas/feature.schema.json")),
  "generator/parse/compiled-checks.ts": (read) => compiledMetaSchema(read("schemas/feature.schema.json")),
  "generator/project/settings/compiled-checks.ts": (read) =>
    compiledConfigSchema(read("schemas/config.schema.json")),
  "generator/pipeline/compiled-templates.ts": (_, repository) =>
    compiledTemplates(join(repository, "generator")),
  "biome.json": (read) => withOverrides(read("biome.json")),
  "docs/errors.md": errorsPage,
  "generator/diff/RULES.md": async () => {
    // Loaded last: it renders a template that was compiled above.
    const { renderRules } = await import("../../generator/report/markdown/render-rules.ts");
    return renderRules();
  },
};
