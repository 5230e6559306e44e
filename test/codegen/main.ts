import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { compiledTemplates } from "./compiled-templates.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** The files that are derived from others, by path. */
const derived: Readonly<Record<string, () => string>> = {
  "generator/pipeline/compiled-templates.ts": () => compiledTemplates(join(repository, "generator")),
};

// `npm run codegen` writes them; with --check it lists those that differ, and exits with 1.
const isCheck = process.argv.includes("--check");
for (const [path, print] of Object.entries(derived)) {
  const file = join(repository, path);
  const text = print();
  if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
  if (isCheck) {
    console.log(`outdated  ${path}`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.log(`written   ${path}`);
  }
}
