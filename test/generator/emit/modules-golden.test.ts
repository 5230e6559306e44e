import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { compileProject } from "../../../generator/compile-project.ts";
import { filesIn, putFiles } from "../../support/temporary-folder.ts";

/**
 * A case of `test/golden/modules/`: `input/` is a project, `expected/` all that is generated from it.
 * `UPDATE_GOLDEN=1` writes down what is generated now; read the difference before keeping it.
 */
const golden = fileURLToPath(new URL("../../golden/modules/", import.meta.url));

const isUpdating = process.env["UPDATE_GOLDEN"] === "1";

const cases = readdirSync(golden);

test.each(cases)("%s", async (name) => {
  const { files, diagnostics } = await compileProject(filesIn(`${golden}${name}/input`), {
    project: "golden",
    hashLength: 64,
    schemas: "schemas",
    generated: "generated",
    importExtension: ".js",
  });
  const texts = Object.fromEntries(files.map(({ path, text }) => [path, text]));
  const expected = `${golden}${name}/expected`;
  if (isUpdating) {
    rmSync(expected, { recursive: true, force: true });
    putFiles(expected, texts);
  }
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(texts).toEqual(filesIn(expected));
});
