import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { compileModel } from "../../generator/compile-project.ts";
import { renderText } from "../../generator/diagnostics/render-text.ts";
import type { Sources } from "../../generator/source/source-file.ts";

/**
 * A case is a folder of `test/golden/`: `input/` is a project, `diagnostics.txt` what the compiler says of it.
 * `UPDATE_GOLDEN=1` writes down what it says now; read the difference before keeping it.
 */
const golden = fileURLToPath(new URL("../golden/", import.meta.url));

const isUpdating = process.env["UPDATE_GOLDEN"] === "1";

/** Cases named `module-…` are of what is generated, and tested elsewhere. */
const cases = readdirSync(golden).filter((name) => !name.startsWith("module-"));

test.each(cases)("%s", (name) => {
  const sources = readProject(`${golden}${name}/input/`);
  const { diagnostics } = compileModel(sources, { hashLength: 64, schemas: "schemas" });
  const text = renderText(diagnostics, sources, { color: false });
  const expected = `${golden}${name}/diagnostics.txt`;
  if (isUpdating) writeFileSync(expected, text);
  expect(text).toBe(readFileSync(expected, "utf8"));
  expect(diagnostics, "a case that shows nothing").not.toEqual([]);
});

/** The files of a project by path. */
function readProject(folder: string): Sources {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map((entry) => {
      const path = `${entry.parentPath}/${entry.name}`.replaceAll("\\", "/").replaceAll("//", "/");
      return [path.slice(folder.length), readFileSync(path, "utf8")];
    }),
  );
}
