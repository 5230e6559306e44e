import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { compileModel } from "../../../generator/compile-project.ts";
import { catalogue } from "../../../generator/diagnostics/diagnostic.ts";
import { renderDiagnosticsText } from "../../../generator/report/text/render-diagnostics.ts";
import type { Sources } from "../../../generator/source/source-file.ts";

/**
 * A case is a folder of `test/golden/diagnostics/`: `input/` is a project, `diagnostics.txt` what the compiler says of it.
 * `UPDATE_GOLDEN=1` writes down what it says now; read the difference before keeping it.
 */
const golden = fileURLToPath(new URL("../../golden/diagnostics/", import.meta.url));

const isUpdating = process.env["UPDATE_GOLDEN"] === "1";

/** Cases named `module-…` are of what is generated, and tested elsewhere. */
const cases = readdirSync(golden);

test.each(cases)("%s", (name) => {
  const sources = readProject(`${golden}${name}/input/`);
  const { diagnostics } = compileModel(sources, { hashLength: 64, schemas: "schemas" });
  const text = renderDiagnosticsText(diagnostics, sources, { color: false });
  const expected = `${golden}${name}/diagnostics.txt`;
  if (isUpdating) writeFileSync(expected, text);
  expect(text).toBe(readFileSync(expected, "utf8"));
  expect(diagnostics, "a case that shows nothing").not.toEqual([]);
});

test("every refusal has a case", () => {
  const texts = cases.map((name) => readFileSync(`${golden}${name}/diagnostics.txt`, "utf8")).join("");
  // Settings and acknowledgements are no part of a case; the others want a file of a megabyte, or two that some systems take for one.
  const apart = (code: string) =>
    /^(config|acknowledgements?)-/.test(code) ||
    code === "json-too-large" ||
    code === "module-path-collision";
  const missing = Object.keys(catalogue).filter((code) => !apart(code) && !texts.includes(`[${code}]`));
  expect(missing).toEqual([]);
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
