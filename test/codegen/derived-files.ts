import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compiledTemplates } from "./compiled-templates.ts";
import { errorsPage } from "./errors-page.ts";

/** Folder of the repository. */
export const repository: string = fileURLToPath(new URL("../../", import.meta.url));

/** The files that `npm run codegen` derives from others: by path, what prints each. */
export const derivedFiles: Readonly<Record<string, () => string>> = {
  "generator/pipeline/compiled-templates.ts": () => compiledTemplates(join(repository, "generator")),
  "docs/errors.md": errorsPage,
};
