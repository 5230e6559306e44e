import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { derivedFiles } from "./derived-files.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));

// `npm run codegen` writes derived files; with --check it lists those that differ, and exits with 1.
const isCheck = process.argv.includes("--check");
const read = (path: string): string => readFileSync(join(repository, path), "utf8");
for (const [path, print] of Object.entries(derivedFiles)) {
  const text = await print(read, repository);
  if (existsSync(join(repository, path)) && read(path) === text) continue;
  if (isCheck) {
    console.log(`outdated  ${path}`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(repository, path), text);
    console.log(`written   ${path}`);
  }
}
