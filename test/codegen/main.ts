import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { derivedFiles, repository } from "./derived-files.ts";

// Writes the derived files; with --check, lists those that are outdated, and exits with 1.
const isCheck = process.argv.includes("--check");
for (const [path, print] of Object.entries(derivedFiles)) {
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
