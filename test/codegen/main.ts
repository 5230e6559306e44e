import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { compiledTemplates } from "./compiled-templates.ts";
import { errorsPage } from "./errors-page.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** The files that are derived from others, by path. The templates come first, since later files are made with them. */
const derived: Readonly<Record<string, () => string | Promise<string>>> = {
  "generator/pipeline/compiled-templates.ts": () => compiledTemplates(join(repository, "generator")),
  "generator/diff/RULES.md": async () => {
    const { renderRules } = await import("../../generator/report/markdown/render-rules.ts");
    return renderRules();
  },
  "docs/errors.md": errorsPage,
};

// `npm run codegen` writes them; with --check it lists those that differ, and exits with 1.
const isCheck = process.argv.includes("--check");
for (const [path, print] of Object.entries(derived)) {
  const file = join(repository, path);
  const text = await print();
  if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
  if (isCheck) {
    console.log(`outdated  ${path}`);
    process.exitCode = 1;
    break;
  }
  writeFileSync(file, text);
  console.log(`written   ${path}`);
}
